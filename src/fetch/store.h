#pragma once
// Settings, the last look and the files that were taken, as SQL keeps them.
#include "fetch/place.h"

namespace onefold::fetch {

std::string_view to_string(PlaceKind place);
std::string_view to_string(FileState state);
std::string_view to_string(Lies lies);

// Sealed; nothing where there is none.
struct Sealed {
    std::optional<std::string> password, private_key, passphrase;
};
struct Stored {
    SourceId source;
    Settings settings;
    Sealed secrets;
    Mark mark;
    std::optional<Look> look;
};

Result<std::optional<Stored>> find(store::Session& session, SourceId id);
Result<std::vector<Stored>> list_all(store::Session& session);
// Settings and secrets; a new place forgets what was seen at the old one.
Result<> put(store::Session& session, const Stored& stored);
Result<> put_look(store::Session& session, SourceId id, const Look& look);
Result<> put_mark(store::Session& session, SourceId id, const Mark& mark);
Result<> put_host_key(store::Session& session, SourceId id, const Settings& settings);
// For `change`: no secret is among them, and no query of an address.
boost::json::object values_of(const Settings& settings);

Result<FetchedFileId> insert(store::Session& session, const FetchedFile& file);
Result<> update(store::Session& session, const FetchedFile& file);
Result<std::vector<FetchedFile>> list_files(store::Session& session, SourceId id, FetchedFileId before, int limit);
// Those that are not ended, and those that are still to be put away.
Result<std::vector<FetchedFile>> list_open(store::Session& session, SourceId id);
// Those that lie where they were found, or stay there.
Result<std::vector<FetchedFile>> list_lying(store::Session& session, SourceId id);
// With these bytes, the newest first; without those whose import was rolled back.
Result<std::vector<FetchedFile>> list_same(store::Session& session, SourceId id, const std::string& digest);
Result<std::vector<SourceId>> list_busy(store::Session& session); // sources that have open files

} // namespace onefold::fetch
