#include "import/import.h"

#include "import/cell_value.h"
#include "import/job.h"
#include "import/lane.h"
#include "import/preview.h"
#include "import/rollback.h"

namespace onefold::import {
namespace {

constexpr std::size_t rows_learned_from = 1000;

Result<> check_may_open_source(const Caller& caller) {
    if (caller.principal.role == Role::admin)
        return {};
    const LocalText message{"There is no such source, and only administrators may make one. Choose one that is there.",
        "没有这个来源，且只有管理员可以新建来源，请选择已有的来源。"};
    return fail(ErrorKind::forbidden, "import.may_not_open_source", message,
        {{"/source", "import.may_not_open_source", message}});
}

Failure no_such_import() {
    return fail(ErrorKind::not_found, "import.no_such_import", {"There is no such import.", "没有这次导入。"});
}

LocalText not_gone_on(const Import& import) {
    if (import.is_dry)
        return {"Onefold was stopped during this trial. Nothing was changed; try the file out again.",
            "试运行期间系统停止，未做任何更改，请重新试运行。"};
    return {"Onefold was stopped during this import, and its papers are not in this copy of the data folder. What was "
            "imported stays; import the file again to finish it.",
        "导入期间系统停止，而此数据目录副本中没有该导入的进度。已导入的数据会保留；请重新导入该文件以完成。"};
}

Failure not_one_file() {
    const LocalText message{"Name the file: one that was uploaded, or the path of one on this host.",
        "请指明文件：已上传的文件，或服务器上的文件路径，二者选一。"};
    return fail(ErrorKind::invalid, "import.not_one_file", message, {{"/upload", "import.not_one_file", message}});
}

} // namespace

std::string_view to_string(State state) {
    static constexpr std::array<std::string_view, 6> names{
        "waiting", "running", "finished", "failed", "interrupted", "cancelled"};
    return names[std::size_t(state)];
}

struct Imports::Parts {
    explicit Parts(const Rooms& rooms) : rooms(rooms) {}

    std::string folder_of(ImportId id) const { return rooms.folder + "/" + to_string(id); }
    Result<source::Source> find_or_open_source(const Caller& caller, const ImportRequest& request);
    Result<> enqueue(QueuedImport queued);
    Result<> go_on(QueuedImport queued);

    Rooms rooms;
    Board board; // waiting or running, as people see it
    Turn turn;
    Lane imports{rooms, board, turn}, looks{rooms, board, turn}; // real ones, and dry runs, which wait for nobody
    Rollbacks rollbacks{rooms, turn};
};

Imports::Imports(const Rooms& rooms) : parts_(std::make_unique<Parts>(rooms)) {}
const Rooms& Imports::rooms() const {
    return parts_->rooms;
}
Imports::~Imports() {
    stop();
}

Result<> Imports::start() {
    const auto& rooms = parts_->rooms;
    TRY(rooms.outside.files.make_folder(rooms.folder));
    for (QueuedImport& queued : TRY(rooms.database.read(list_unfinished)))
        TRY(parts_->go_on(std::move(queued)));
    parts_->imports.start(Lane::Sweeping::yes);
    parts_->looks.start(Lane::Sweeping::no);
    return parts_->rollbacks.start();
}

void Imports::stop() {
    parts_->imports.stop();
    parts_->looks.stop();
    parts_->rollbacks.stop();
}

Rollbacks& Imports::rollbacks() {
    return parts_->rollbacks;
}

Result<> Imports::Parts::go_on(QueuedImport queued) {
    Import& import = queued.import;
    if (!import.is_dry && rooms.outside.files.exists(folder_of(import.id))) {
        import.counts.read = import.counts.failed = import.warnings = 0;
        import.problems.clear();
        import.state = State::waiting;
        board.put(import);
        imports.add(std::move(queued));
        return {};
    }
    import.state = State::interrupted;
    import.error = not_gone_on(import);
    import.finished_at = rooms.outside.clock.now();
    return rooms.database.write([&](store::Session& session) { return update(session, import); });
}

Result<source::Source> Imports::Parts::find_or_open_source(const Caller& caller, const ImportRequest& request) {
    if (auto found = rooms.sources.find(request.source))
        return std::move(*found);
    TRY(check_may_open_source(caller));
    if (request.purpose == Purpose::import)
        return TRY(rooms.sources.create(caller, {request.source, source::Kind::file, "", "", ""})).source;
    source::Source source;
    source.name = request.source;
    return source;
}

Result<std::string> Imports::path_of(const Caller& caller, const FileChoice& file) const {
    if (file.path.has_value() == file.upload.has_value())
        return not_one_file();
    if (file.upload) {
        TRY(parts_->rooms.uploads.check_owner(caller, *file.upload));
        return parts_->rooms.uploads.path_of(*file.upload);
    }
    if (caller.principal.kind == Principal::Kind::local)
        return *file.path;
    return fail(ErrorKind::forbidden, "import.path_is_local",
        {"A file of this host is imported by a command on the host. Upload the file instead.",
            "服务器上的文件只能用服务器上的命令导入，请改为上传文件。"});
}

Result<Import> Imports::create(const Caller& caller, const ImportRequest& request) {
    const Rooms& rooms = parts_->rooms;
    const std::string path = request.upload ? TRY(rooms.uploads.path_of(*request.upload)) : request.path;
    const auto table = TRY(rooms.open_file(path, request.choice));
    const auto fields = field_codes();
    const MapContext context{request.kind, table->header(), fields};
    Map map = request.map ? TRY(map_from_json(*request.map, context)) : TRY(guess_map(context));
    learn_formats(map, TRY(first_rows(*table, rows_learned_from)));
    const auto source = TRY(parts_->find_or_open_source(caller, request));

    QueuedImport queued{{}, to_json(map), path, request.choice, caller.principal};
    Import& import = queued.import;
    import.source = source.id;
    import.source_name = request.source;
    import.kind = request.kind;
    import.file = request.upload ? TRY(rooms.uploads.get(*request.upload)).name : path.substr(path.rfind('/') + 1);
    import.sheet = table->description().sheets.empty() ? "" : table->description().sheet;
    import.started_at = rooms.outside.clock.now();
    import.upload = request.upload;
    import.is_dry = request.purpose == Purpose::dry_run;
    if (request.upload && !import.is_dry)
        TRY(rooms.uploads.keep_until(*request.upload, import.started_at + papers_kept_for));
    import.id = TRY(rooms.database.write([&](store::Session& session) { return insert(session, queued); }));
    TRY(rooms.outside.files.make_folder(parts_->folder_of(import.id)));
    const Import seen = import;
    parts_->board.put(seen);
    (import.is_dry ? parts_->looks : parts_->imports).add(std::move(queued));
    return seen;
}

Result<Import> Imports::get(ImportId id) const {
    if (auto seen = parts_->board.find(id))
        return std::move(*seen);
    auto stored = TRY(parts_->rooms.database.read([&](store::Session& session) { return find(session, id); }));
    if (!stored)
        return no_such_import();
    return std::move(*stored);
}

Result<std::vector<Import>> Imports::list(int limit) const {
    auto stored =
        TRY(parts_->rooms.database.read([&](store::Session& session) { return list_newest(session, limit); }));
    for (Import& import : stored)
        if (auto seen = parts_->board.find(import.id)) {
            import = std::move(*seen);
            import.problems.clear();
        }
    return stored;
}

Result<Import> Imports::cancel(ImportId id) {
    const Import import = TRY(get(id));
    if (import.state == State::waiting || import.state == State::running)
        (import.is_dry ? parts_->looks : parts_->imports).cancel(id);
    return get(id);
}

Result<std::string> Imports::failed_rows(ImportId id, int part, const Locale& locale) const {
    TRY(get(id));
    auto& files = parts_->rooms.outside.files;
    const std::string folder = parts_->folder_of(id);
    if (!files.exists(failed_rows_path(folder, part)))
        return fail(ErrorKind::not_found, "import.no_failed_rows",
            {"There are no failed rows here, or they were taken away: they are kept for 30 days.",
                "此处没有失败的行，或已被清理（保留 30 天）。"});
    return failed_rows_csv(files, folder, part, locale);
}

} // namespace onefold::import
