#pragma once
// What Work does with one source, with its place at hand. For work.cc.
#include "fetch/work.h"

namespace onefold::fetch {

struct Work::Round {
    const Rooms& rooms;
    const Limits& limits;
    source::Source source;
    Stored stored;
    std::unique_ptr<Place> place;
    Look look;
    Sights::Moment until = Sights::Moment::max(); // what is not begun by then is left for the next look

    Result<> look_for_files(Sights& sights);
    Result<Followed> follow(Follow how);

    Result<> take(const Seen& seen);
    Result<> keep(const Seen& seen, const std::string& path);
    Result<> refuse(const Seen& seen, const LocalText& reason, const std::string& digest = "");
    // HTTPS: the server still sends what was refused at the last look.
    Result<bool> was_refused_last(const std::string& digest);
    Result<std::optional<FetchedFile>> find_same(const std::string& digest);
    Result<std::optional<import::Import>> find_import(const FetchedFile& file) const;
    Result<upload::UploadId> upload(const std::string& name, const std::string& path);
    Result<FetchedFile> decide(FetchedFile file, Follow how);
    Result<FetchedFile> begin_import(FetchedFile file);
    Result<> put_away(FetchedFile& file);
    Result<> note_host_key();
    Result<> save(const FetchedFile& file);
    Result<FetchedFile> insert(FetchedFile file);
    Instant now() const { return rooms.outside.clock.now(); }
    bool is_late() const { return rooms.outside.clock.monotonic() > until; }
    bool is_https() const { return stored.settings.place == PlaceKind::https; }
    Lies found_at() const { return is_https() ? Lies::stays : Lies::there; }
};

} // namespace onefold::fetch
