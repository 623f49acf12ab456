#include "cli/commands.h"
#include "columns/columns.h"
#include "core/local_text.h"
#include "fetch/remote.h"
#include "sheet/child.h"

#include <CLI/CLI.hpp>
#include <cstdlib>

// jemalloc reads it: memory in pages of 2 MB. Where caches and filters of hundreds of megabytes are asked at random,
// the way to a page of 4 KB cost as much as what was asked for.
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf = "thp:always";
}

namespace {

// Which language a command speaks: --lang, else that of the terminal.
onefold::Locale terminal_locale() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const char* value = std::getenv(name); value && *value)
            return onefold::locale_from(value);
    return "en";
}

void add_folder(CLI::App* command, std::string& folder) {
    command->add_option("--data", folder, "the data folder")->required();
}

// A formula may begin with a minus: behind a blank it is no option.
std::vector<std::string> words_of(int argc, char** argv) {
    std::vector<std::string> words(argv + 1, argv + argc);
    for (std::size_t i = 1; i < words.size(); ++i)
        if (words[i - 1] == "formula" && words[i].starts_with('-') && !words[i].starts_with("--"))
            words[i].insert(0, " ");
    std::ranges::reverse(words); // as CLI11 takes them
    return words;
}

} // namespace

int main(int argc, char** argv) {
    using namespace onefold;
    CLI::App app{"Onefold: one customer, one record, from every channel"};
    app.name("onefold");
    app.require_subcommand(1);
    app.fallthrough();
    std::string locale = terminal_locale();
    app.add_option("--lang", locale, "the language of messages: en or zh-CN")->check(CLI::IsMember({"en", "zh-CN"}));

    cli::Serve serve;
    auto* serve_command = app.add_subcommand("serve", "Serve a data folder");
    add_folder(serve_command, serve.folder);
    serve_command->add_option("--listen", serve.listen, "ADDRESS:PORT")->capture_default_str();
    serve_command->add_option(
        "--database", serve.database, "postgres://… instead of the embedded database; remembered by the folder");
    auto* certificate =
        serve_command->add_option("--certificate", serve.certificate_file, "PEM file of the TLS certificate");
    auto* key = serve_command->add_option("--key", serve.key_file, "PEM file of its key");
    certificate->needs(key);
    key->needs(certificate);
    serve_command->add_option("--workers", serve.workers, "threads that answer requests")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    serve_command->add_option("--trusted-proxy", serve.trusted_proxies,
        "a network or address whose X-Forwarded-For is believed, as 10.0.0.0/8; may be given more than once");

    serve_command->add_option("--fetch-root", serve.fetch_roots,
        "a folder below which sources may watch folders, besides inbox of the data folder; may be given more than "
        "once");
    serve_command->add_option("--fetch-network", serve.fetch_networks,
        "a network of the company that sources may fetch files from, as 10.0.0.0/8; may be given more than once");

    cli::ImportFile import;
    auto* import_command =
        app.add_subcommand("import", "Import a file: CSV, TSV, .xlsx, JSON, JSON lines, vCard; also .gz and .zip");
    import_command->add_option("file", import.file, "the file")->required();
    import_command->add_option("--as", import.kind, "what its rows are")
        ->required()
        ->check(CLI::IsMember({"customer", "order", "ticket", "event"}));
    import_command->add_option("--source", import.source, "where it comes from; created when it is new")->required();
    import_command->add_option("--map", import.map_file, "JSON file that says which column means what");
    import_command->add_option("--sheet", import.sheet, "which sheet, by name or number; default: the first");
    import_command->add_option("--encoding", import.encoding, "of a text file: UTF-8, GBK, …; default: found");
    add_folder(import_command, import.folder);

    cli::CreateSource source;
    auto* source_command = app.add_subcommand("source", "Sources")->require_subcommand(1);
    auto* source_create = source_command->add_subcommand("create", "Create a source and print its write key");
    source_create->add_option("name", source.name, "its name")->required();
    source_create->add_option("--kind", source.kind, "tracker, api or file")
        ->required()
        ->check(CLI::IsMember({"tracker", "api", "file"}));
    source_create->add_option("--zone", source.zone, "its time zone, as Asia/Shanghai; default: the company's");
    source_create->add_option("--currency", source.currency, "its currency, as CNY; default: the company's");
    source_create->add_option("--region", source.region, "where its phone numbers are from, as CN");
    add_folder(source_create, source.folder);
    cli::ListSources sources;
    auto* source_list = source_command->add_subcommand("list", "Print each source and its valid write keys");
    add_folder(source_list, sources.folder);
    cli::RotateKey rotate;
    auto* source_rotate =
        source_command->add_subcommand("rotate", "Add a write key and print it; the old ones stay valid");
    source_rotate->add_option("name", rotate.name, "the source")->required();
    add_folder(source_rotate, rotate.folder);
    cli::RevokeKey revoke;
    auto* source_revoke = source_command->add_subcommand("revoke", "Revoke a write key at once");
    source_revoke->add_option("name", revoke.name, "the source")->required();
    source_revoke->add_option("hint", revoke.hint, "the last four characters of the key")->required();
    add_folder(source_revoke, revoke.folder);

    cli::FetchSource fetch;
    auto* source_fetch = source_command->add_subcommand("fetch", "How a source of files fetches them by itself");
    source_fetch->add_option("name", fetch.name, "the source")->required();
    source_fetch->add_option(
        "--from", fetch.from, "a folder of this host, https://…, or sftp://user@host:port/folder (/~/ for the home)");
    source_fetch->add_option("--password-file", fetch.password_file, "file that holds the password");
    source_fetch->add_option("--key-file", fetch.key_file, "private key for SFTP, instead of a password");
    source_fetch->add_option("--passphrase-file", fetch.passphrase_file, "file that holds the key's passphrase");
    source_fetch->add_option("--ca-file", fetch.ca_file, "PEM of an own certificate authority, for https");
    source_fetch->add_option("--pattern", fetch.pattern, "which files, as orders-*.csv");
    auto* fetch_every = source_fetch->add_option("--every", fetch.every_minutes, "minutes between looks");
    source_fetch->add_option("--daily", fetch.daily, "time of the company's day, as 03:30")->excludes(fetch_every);
    source_fetch->add_option("--steady", fetch.steady_s, "seconds without a change after which a file counts as whole");
    source_fetch->add_option("--size-max", fetch.size_mb_max, "largest file, in MB");
    source_fetch->add_option("--trust", fetch.trusted_key, "the key SHA256:… that the SFTP server shows now");
    auto* fetch_pause = source_fetch->add_flag("--pause", fetch.is_paused, "look only when asked");
    source_fetch->add_flag("--resume", fetch.is_resumed, "look by itself again")->excludes(fetch_pause);
    source_fetch->add_flag("--look", fetch.is_look, "look now, and wait until what was taken is imported");
    add_folder(source_fetch, fetch.folder);

    cli::CreateToken token;
    auto* token_command = app.add_subcommand("token", "API tokens")->require_subcommand(1);
    auto* token_create = token_command->add_subcommand("create", "Create an API token and print it");
    token_create->add_option("name", token.name, "what will use it")->required();
    token_create->add_option("--role", token.role, "viewer, editor or admin")
        ->check(CLI::IsMember({"viewer", "editor", "admin"}))
        ->capture_default_str();
    add_folder(token_create, token.folder);

    cli::CreateUser user;
    auto* user_command = app.add_subcommand("user", "Users")->require_subcommand(1);
    auto* user_create = user_command->add_subcommand("create", "Create a user");
    user_create->add_option("email", user.email, "e-mail address")->required();
    user_create->add_option("--role", user.role, "viewer, editor or admin")
        ->required()
        ->check(CLI::IsMember({"viewer", "editor", "admin"}));
    user_create->add_option("--password-file", user.password_file, "file that holds the password")->required();
    user_create->add_option("--name", user.name, "name; default: the part before the @");
    add_folder(user_create, user.folder);

    cli::Rebuild rebuild;
    auto* rebuild_command = app.add_subcommand("rebuild", "Make again what is derived from the event log, and compare");
    rebuild_command
        ->add_option("what", rebuild.what,
            "columns: the events for analysis, and switch; customers: nodes, golden records, figures and orders made "
            "by events, and change nothing; search: what is searched")
        ->required()
        ->check(CLI::IsMember({"columns", "customers", "search"}));
    add_folder(rebuild_command, rebuild.folder);

    std::string probed_file; // what `serve` starts for itself
    auto* probe_command = app.add_subcommand("probe-columns", "")->group("");
    probe_command->add_option("file", probed_file)->required();
    auto* read_file_command = app.add_subcommand("read-file", "")->group(""); // the same
    auto* fetch_command = app.add_subcommand("fetch-remote", "")->group("");  // the same
    cli::Verify verify;
    auto* verify_command = app.add_subcommand("verify",
        "Check every frame of the event log and the audit log, and every block of the timeline, changing nothing");
    add_folder(verify_command, verify.folder);

    cli::Backup backup;
    auto* backup_command = app.add_subcommand("backup", "Back up a data folder, also while a server runs on it");
    auto* backup_target = backup_command->add_option("target", backup.target, "the folder to make, not there yet");
    auto* backup_folder = backup_command->add_option("--data", backup.folder, "the data folder");
    auto* backup_verify =
        backup_command->add_option("--verify", backup.verified, "only say whether this backup is whole");
    backup_command->add_flag("--without-keys", backup.is_without_keys, "leave master.key and keys.db out");
    backup_verify->excludes(backup_target)->excludes(backup_folder);

    cli::Restore restore;
    auto* restore_command = app.add_subcommand("restore", "Make a data folder from a backup");
    restore_command->add_option("source", restore.source, "the backup")->required();
    restore_command->add_option(
        "--database", restore.database, "postgres://… of an empty database, for a backup of one");
    restore_command->add_option("--keys", restore.keys, "the folder with master.key and keys.db, for a backup without");
    add_folder(restore_command, restore.folder);

    cli::Formula formula;
    auto* formula_command = app.add_subcommand("formula", "Evaluate a formula");
    formula_command->add_option("text", formula.text, "the formula, as 'IF(total > 100, \"A\", \"B\")'")->required();
    formula_command->add_option("--record", formula.record_file, "JSON file of the record that it is asked about");
    formula_command->add_option("--now", formula.now, "the moment that NOW() is; default: now");
    formula_command->add_option("--zone", formula.zone, "whose days and hours are meant, as Asia/Shanghai")
        ->capture_default_str();

    cli::Demo demo;
    auto* demo_command =
        app.add_subcommand("demo", "A generated company: fill an empty data folder with it, or write its files");
    auto* demo_folder = demo_command->add_option("--data", demo.folder, "the data folder to fill");
    auto* demo_files = demo_command->add_option("--files", demo.files, "the folder to write the files to");
    demo_files->excludes(demo_folder);
    demo_command->final_callback([&] {
        if (demo_folder->empty() && demo_files->empty())
            throw CLI::RequiredError("--data or --files");
    });
    demo_command->add_option("--customers", demo.options.customers, "how many people")
        ->check(CLI::Range(std::uint64_t{1}, demo::customers_max))
        ->capture_default_str();
    demo_command->add_option("--seed", demo.options.seed, "the same seed makes the same people")->capture_default_str();
    demo_command->add_option("--until", demo.until, "the day before which it ends, as 2026-06-30; default: today");
    for (const demo::Rate& rate : demo::rates())
        demo_command->add_option(cli::option_of(rate), demo.options.rates.*rate.member, std::string(rate.meaning))
            ->check(CLI::Range(0, 1000))
            ->capture_default_str();
    cli::WriteTea tea; // what tests and fixtures are made of
    auto* tea_command = app.add_subcommand("demo-tea", "")->group("");
    tea_command->add_option("--files", tea.files)->required();
    tea_command->add_option("--customers", tea.customers)->check(CLI::Range(1, 100'000));
    tea_command->add_option("--seed", tea.seed);

    try {
        app.parse(words_of(argc, argv));
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : 2;
    }
    if (serve_command->parsed())
        return cli::run(serve, locale);
    if (import_command->parsed())
        return cli::run(import, locale);
    if (source_create->parsed())
        return cli::run(source, locale);
    if (source_list->parsed())
        return cli::run(sources, locale);
    if (source_rotate->parsed())
        return cli::run(rotate, locale);
    if (source_revoke->parsed())
        return cli::run(revoke, locale);
    if (source_fetch->parsed())
        return cli::run(fetch, locale);
    if (token_create->parsed())
        return cli::run(token, locale);
    if (user_create->parsed())
        return cli::run(user, locale);
    if (rebuild_command->parsed())
        return cli::run(rebuild, locale);
    if (probe_command->parsed())
        return columns::probe_file(probed_file) ? 0 : 1;
    if (read_file_command->parsed())
        return sheet::serve_child();
    if (fetch_command->parsed())
        return fetch::serve_child();
    if (verify_command->parsed())
        return cli::run(verify, locale);
    if (backup_command->parsed())
        return cli::run(backup, locale);
    if (restore_command->parsed())
        return cli::run(restore, locale);
    if (formula_command->parsed())
        return cli::run(formula, locale);
    if (tea_command->parsed())
        return cli::run(tea, locale);
    return cli::run(demo, locale);
}
