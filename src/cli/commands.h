#pragma once
// The commands of `onefold`. Each prints what it made, its last word being the key or token; errors go to stderr in the
// user's language. Exit codes: 0 done, 1 failed (an import: with failed rows), 2 wrong use.
#include "demo/demo.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::cli {

struct Serve {
    std::string folder;
    std::string listen = "127.0.0.1:8080";
    std::optional<std::string> database;
    std::string certificate_file, key_file;
    int workers = 4;
    std::vector<std::string> trusted_proxies;
    std::vector<std::string> fetch_roots, fetch_networks;
};
struct ImportFile {
    std::string folder, file, kind, source, map_file;
    std::optional<std::string> sheet, encoding;
};
struct CreateSource {
    std::string folder, name, kind;
    std::optional<std::string> zone, currency, region;
};
struct ListSources {
    std::string folder;
};
struct RotateKey {
    std::string folder, name;
};
struct RevokeKey {
    std::string folder, name, hint;
};
// Says what is wanted, looks where that is asked for and waits for its end, and prints where it stands. 1: the look
// failed.
struct FetchSource {
    std::string folder, name;
    std::optional<std::string> from; // /a/folder, https://…, sftp://user@host:port/folder
    std::optional<std::string> password_file, key_file, passphrase_file, ca_file, pattern, daily, trusted_key;
    std::optional<std::int64_t> every_minutes, steady_s, size_mb_max;
    bool is_paused = false, is_resumed = false, is_look = false;
};
struct CreateToken {
    std::string folder, name, role = "admin";
};
struct CreateUser {
    std::string folder, email, role, password_file;
    std::optional<std::string> name;
};
// "columns": 0 equal, 1 not. "customers": 0 equal, 1 different, 2 could not be compared. "search": 0 made, 1 not.
struct Rebuild {
    std::string folder, what;
};
// 0: everything holds; 1: each damage is named; changes nothing, also while a server runs.
struct Verify {
    std::string folder;
};
struct Backup {
    std::string folder, target;
    std::string verified; // a backup to be verified instead
    bool is_without_keys = false;
};
struct Restore {
    std::string folder, source;
    std::optional<std::string> database, keys;
};
// Prints the formula's value for the record in one line; 1: it is wrong or has none, which stderr says with a caret at
// the place.
struct Formula {
    std::string text;
    std::optional<std::string> record_file, now;
    std::string zone = "UTC";
};
// Fills `folder`, or writes the files into `files`.
struct Demo {
    std::string folder, files;
    demo::Options options;
    std::optional<std::string> until; // a day, 2026-06-30
};
std::string option_of(const demo::Rate& rate); // "--changed-numbers"
struct WriteTea {
    std::string files;
    int customers = 200;
    std::uint64_t seed = 1;
};

int run(const Serve& command, std::string_view locale);
int run(const ImportFile& command, std::string_view locale);
int run(const CreateSource& command, std::string_view locale);
int run(const ListSources& command, std::string_view locale);
int run(const RotateKey& command, std::string_view locale);
int run(const RevokeKey& command, std::string_view locale);
int run(const FetchSource& command, std::string_view locale);
int run(const CreateToken& command, std::string_view locale);
int run(const CreateUser& command, std::string_view locale);
int run(const Rebuild& command, std::string_view locale);
int run(const Verify& command, std::string_view locale);
int run(const Backup& command, std::string_view locale);
int run(const Restore& command, std::string_view locale);
int run(const Formula& command, std::string_view locale);
int run(const Demo& command, std::string_view locale);
int run(const WriteTea& command, std::string_view locale);

} // namespace onefold::cli
