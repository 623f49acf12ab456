#include "sheet/xlsx.h"

#include "core/text.h"
#include "sheet/xml.h"

#include <charconv>

namespace onefold::sheet {
namespace {

constexpr std::size_t part_bytes_max = 16 << 20; // workbook, styles, relations
constexpr std::size_t sheets_max = 1000, formats_max = 100'000, block_bytes = 1 << 20;

int number_in(std::string_view text) {
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

bool says_true(std::string_view text) {
    return text == "1" || text == "true" || text == "on";
}

struct Relations : XmlHandler {
    struct Relation {
        std::string id, type, target;
    };
    std::vector<Relation> all;
    void begin(std::string_view name, const char** attributes) override {
        if (name == "Relationship" && attribute(attributes, "TargetMode") != "External" && all.size() < sheets_max * 4)
            all.push_back({std::string(attribute(attributes, "Id")), std::string(attribute(attributes, "Type")),
                std::string(attribute(attributes, "Target"))});
    }
    void end(std::string_view) override {}
    void text(std::string_view) override {}
    const Relation* of_type(std::string_view ending) const {
        const auto found = std::ranges::find_if(all, [&](const auto& r) { return r.type.ends_with(ending); });
        return found == all.end() ? nullptr : &*found;
    }
};

struct WorkbookPart : XmlHandler {
    struct Entry {
        std::string name, relation;
        bool is_hidden;
    };
    std::vector<Entry> sheets;
    Epoch epoch = Epoch::of_1900;
    void begin(std::string_view name, const char** attributes) override {
        if (name == "sheet" && sheets.size() < sheets_max) {
            const auto state = attribute(attributes, "state");
            sheets.push_back({std::string(attribute(attributes, "name")), std::string(attribute(attributes, "id")),
                state == "hidden" || state == "veryHidden"});
        } else if (name == "workbookPr" && says_true(attribute(attributes, "date1904"))) {
            epoch = Epoch::of_1904;
        }
    }
    void end(std::string_view) override {}
    void text(std::string_view) override {}
};

struct Styles : XmlHandler {
    std::map<int, CellFormat> codes;
    std::vector<CellFormat> formats;
    bool is_in_cells = false;
    void begin(std::string_view name, const char** attributes) override {
        if (name == "numFmt" && codes.size() < formats_max) {
            codes[number_in(attribute(attributes, "numFmtId"))] = format_of_code(attribute(attributes, "formatCode"));
        } else if (name == "cellXfs") {
            is_in_cells = true;
        } else if (name == "xf" && is_in_cells && formats.size() < formats_max) {
            const int id = number_in(attribute(attributes, "numFmtId"));
            const auto own = codes.find(id);
            formats.push_back(own == codes.end() ? format_of_builtin(id) : own->second);
        }
    }
    void end(std::string_view name) override {
        if (name == "cellXfs")
            is_in_cells = false;
    }
    void text(std::string_view) override {}
};

struct TextsPart : XmlHandler {
    explicit TextsPart(SharedTexts& texts) : texts(texts) {}
    SharedTexts& texts;
    std::string current;
    bool is_in_text = false, is_phonetic = false, is_full = false;
    void begin(std::string_view name, const char**) override {
        if (name == "si")
            current.clear();
        else if (name == "rPh")
            is_phonetic = true;
        else if (name == "t")
            is_in_text = !is_phonetic;
    }
    void end(std::string_view name) override {
        if (name == "t")
            is_in_text = false;
        else if (name == "rPh")
            is_phonetic = false;
        else if (name == "si")
            is_full = is_full || !texts.add(current.find("_x") == std::string::npos ? current : unescaped(current));
    }
    void text(std::string_view text) override {
        if (is_in_text && current.size() < row_bytes_max)
            current += text;
    }
};

Failure no_workbook() {
    return fail(ErrorKind::invalid, "sheet.no_workbook",
        {"The file is an archive without a workbook inside.", "该文件是压缩包，但其中没有工作簿。"});
}

std::string folder_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash + 1));
}

// Where a relation of the part at `path` leads.
std::string resolved(std::string_view path, std::string_view target) {
    if (target.starts_with('/'))
        return std::string(target.substr(1));
    std::string folder = folder_of(path);
    while (target.starts_with("../")) {
        target.remove_prefix(3);
        folder = folder.empty() ? "" : folder_of(std::string_view(folder).substr(0, folder.size() - 1));
    }
    return folder + std::string(target.starts_with("./") ? target.substr(2) : target);
}

Result<Relations> read_relations(const Zip& zip, std::string_view of) {
    Relations relations;
    const std::string name(of.substr(folder_of(of).size()));
    if (const auto* entry = zip.find(folder_of(of) + "_rels/" + name + ".rels"))
        TRY(parse_xml(TRY(zip.read(*entry, part_bytes_max)), relations));
    return relations;
}

Result<> read_texts(Workbook& workbook, const ZipEntry& entry) {
    TextsPart part(workbook.texts);
    XmlParser parser(part);
    const auto source = TRY(workbook.zip->inflate(entry));
    std::vector<char> chunk(64 << 10);
    for (;;) {
        const auto size = TRY(source->read(chunk));
        TRY(parser.feed({chunk.data(), size}, size ? XmlParser::Piece::more_follow : XmlParser::Piece::last));
        if (part.is_full)
            return fail(ErrorKind::invalid, "sheet.too_many_texts",
                {"The workbook holds more different texts than fit (128 MiB or 4,194,304). Save the sheet as CSV UTF-8 "
                 "and "
                 "import that.",
                    "工作簿中的不同文本过多（超过 128 MiB 或 4194304 条）。请将该表另存为 CSV UTF-8 后导入。"});
        if (size == 0)
            return {};
    }
}

} // namespace

bool SharedTexts::add(std::string_view text) {
    if (texts_.size() == texts_max || text.size() > bytes_max - bytes_)
        return false;
    if (text.size() > left_) {
        const std::size_t size = std::max(block_bytes, text.size());
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
        next_ = blocks_.back().get();
        left_ = size;
    }
    if (!text.empty())
        std::memcpy(next_, text.data(), text.size());
    texts_.emplace_back(next_, text.size());
    next_ += text.size();
    left_ -= text.size();
    bytes_ += text.size();
    return true;
}

Result<std::shared_ptr<Workbook>> open_workbook(std::shared_ptr<Zip> zip) {
    auto workbook = std::make_shared<Workbook>();
    workbook->zip = std::move(zip);
    const Zip& archive = *workbook->zip;
    const auto root = TRY(read_relations(archive, ""));
    const auto* main = root.of_type("/officeDocument");
    const std::string path = main ? resolved("", main->target) : "xl/workbook.xml";
    const auto* entry = archive.find(path);
    if (!entry)
        return no_workbook();
    WorkbookPart part;
    TRY(parse_xml(TRY(archive.read(*entry, part_bytes_max)), part));
    workbook->epoch = part.epoch;
    const auto relations = TRY(read_relations(archive, path));
    for (const auto& sheet : part.sheets) {
        const auto found = std::ranges::find(relations.all, sheet.relation, &Relations::Relation::id);
        if (found != relations.all.end() && found->type.ends_with("/worksheet"))
            workbook->sheets.push_back({sheet.name, resolved(path, found->target), sheet.is_hidden});
    }
    if (workbook->sheets.empty())
        return no_workbook();
    const auto* styles = relations.of_type("/styles");
    if (const auto* found = styles ? archive.find(resolved(path, styles->target)) : nullptr) {
        Styles read;
        TRY(parse_xml(TRY(archive.read(*found, part_bytes_max)), read));
        workbook->formats = std::move(read.formats);
    }
    const auto* texts = relations.of_type("/sharedStrings");
    if (const auto* found = texts ? archive.find(resolved(path, texts->target)) : nullptr)
        TRY(read_texts(*workbook, *found));
    return workbook;
}

} // namespace onefold::sheet
