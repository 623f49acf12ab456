#pragma once
// What a backup holds, and that it is whole: the file `manifest.json`, written last. Pure.
//
//     {"manifest":{"format":1,"made_at":…,"database":"sqlite","begin":"1","end":"…","head":"…","events":…,
//      "audit_end":"…","has_keys":true,"master_key":"…","files":[{"path","bytes","digest"}]},"digest":"…"}
//
// `digest` is that of the text of `manifest`, so a manifest that lost or changed a byte is none.
#include "core/id.h"
#include "core/result.h"
#include "core/time.h"

#include <string>
#include <string_view>
#include <vector>

namespace onefold::backup {

inline constexpr std::string_view manifest_file = "manifest.json";
inline constexpr std::string_view unfinished_file = "unfinished"; // there from the beginning until all is there
inline constexpr std::string_view database_file = "main.db";
inline constexpr std::string_view dump_file = "main.dump"; // of PostgreSQL
inline constexpr std::string_view keyring_file = "keys.db";
inline constexpr std::string_view master_key_file = "master.key";

struct StoredFile {
    std::string path; // "main.db", "log/0000000000000001.log"
    std::uint64_t bytes = 0;
    std::string digest; // BLAKE2b-256, hexadecimal
    friend bool operator==(const StoredFile&, const StoredFile&) = default;
};

struct Manifest {
    Instant made_at;          // when its snapshot was taken
    bool is_postgres = false; // main.dump instead of main.db
    Position begin, end;      // of the event log
    std::string head;         // of its chain
    std::uint64_t events = 0; // frames
    Position audit_end;
    bool has_keys = true;
    std::string master_key; // digest of the file, so that others are not taken for it
    std::vector<StoredFile> files;

    std::uint64_t bytes() const;
    const StoredFile* find(std::string_view path) const;
    friend bool operator==(const Manifest&, const Manifest&) = default;
};

std::string text_of(const Manifest& manifest);
// backup.bad_manifest, backup.newer_format
Result<Manifest> manifest_of(std::string_view text);

} // namespace onefold::backup
