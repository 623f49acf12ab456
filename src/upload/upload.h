#pragma once
// Files that people send in chunks, into the data folder. What was acknowledged is durable, so that a sender goes on
// where it was after anything.
#include "core/caller.h"
#include "core/id.h"
#include "core/time.h"
#include "http/contract.h"
#include "runtime/runtime.h"
#include "store/store.h"

#include <memory>
#include <string>

namespace onefold::upload {

const store::Schema& schema();

using UploadId = Id<struct UploadNoun>;

struct Upload {
    UploadId id;
    std::string name; // as people call the file; never a path
    std::int64_t size = 0, received = 0;
    Instant created_at, expires_at;

    bool is_whole() const { return received == size; }
};

inline constexpr std::int64_t size_max = std::int64_t{8} << 30;
inline constexpr std::size_t chunk_bytes_max = 4 << 20;
inline constexpr std::int64_t unfinished_max = 100;
inline constexpr std::uint64_t free_bytes_min = std::uint64_t{512} << 20; // stay on the disk
inline constexpr std::chrono::hours kept_for{48};                         // after the last byte

// Thread-safe.
class Uploads {
  public:
    // `folder` is made where it is missing.
    Uploads(store::Database& database, const runtime::Outside& outside, std::string folder);
    ~Uploads();

    // upload.bad_name, upload.empty, upload.too_large, upload.too_many, upload.no_space
    Result<Upload> create(const Caller& caller, const std::string& name, std::int64_t size);
    Result<Upload> get(UploadId id) const; // upload.no_such_upload
    // A file belongs to who began it; administrators may do everything with it. For others: upload.no_such_upload
    Result<> check_owner(const Caller& caller, UploadId id) const;
    // `offset` is where it ends so far. upload.other_offset, upload.too_much (beyond its size), upload.no_such_upload,
    // and what the disk says.
    Result<Upload> append(UploadId id, std::int64_t offset, std::string_view bytes);
    Result<> remove(UploadId id); // upload.no_such_upload

    // Where the bytes of a whole one stand. upload.not_whole, upload.no_such_upload
    Result<std::string> path_of(UploadId id) const;
    // Until then at least.
    Result<> keep_until(UploadId id, Instant until);
    // Takes away what is over, and files that no upload knows.
    Result<> sweep();

    void add_routes(http::Contract& contract);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// The part of a name behind folders, without characters that nobody sees; "" where nothing is left.
std::string bare_name(std::string_view name);

} // namespace onefold::upload
