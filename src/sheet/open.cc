#include "core/text.h"
#include "sheet/csv.h"
#include "sheet/encoding.h"
#include "sheet/foreign.h"
#include "sheet/json_rows.h"
#include "sheet/table.h"
#include "sheet/vcard_rows.h"
#include "sheet/xlsx.h"

#include <charconv>

namespace onefold::sheet {
namespace {

constexpr std::size_t looked_at_bytes = 256 << 10;

struct Wanted {
    std::string sheet;
    int table = 1;
};

// "NAME#2" is the second table of NAME, unless a sheet has that name as a whole.
Wanted parse_wanted(const std::string& text, const std::vector<SheetName>& sheets) {
    const auto mark = text.rfind('#');
    if (mark == std::string::npos || std::ranges::find(sheets, text, &SheetName::name) != sheets.end())
        return {text};
    int table = 0;
    const auto [end, error] = std::from_chars(text.data() + mark + 1, text.data() + text.size(), table);
    if (error != std::errc() || end != text.data() + text.size() || table < 1 || table > 1000)
        return {text};
    return {text.substr(0, mark), table};
}

Failure no_such_sheet(std::string_view wanted, const std::vector<SheetName>& sheets) {
    std::string names;
    for (std::size_t i = 0; i < sheets.size() && i < 20; ++i)
        names += (names.empty() ? "" : ", ") + sheets[i].name;
    return fail(ErrorKind::invalid, "sheet.no_such_sheet",
        {fmt::format(
             "The file has no sheet “{}”. It has: {}.", beginning_of(wanted, 80), names.empty() ? "one" : names),
            fmt::format(
                "文件中没有工作表“{}”。现有：{}。", beginning_of(wanted, 80), names.empty() ? "仅一个" : names)});
}

// By name, without regard to case, or by number from 1.
Result<std::size_t> find_sheet(std::string_view wanted, const std::vector<SheetName>& sheets) {
    for (std::size_t i = 0; i < sheets.size(); ++i)
        if (folded(sheets[i].name) == folded(wanted))
            return i;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    if (error == std::errc() && end == wanted.data() + wanted.size() && number >= 1 && number <= sheets.size())
        return number - 1;
    return no_such_sheet(wanted, sheets);
}

Result<std::string> read_beginning(ChunkSource& source) {
    std::string beginning(looked_at_bytes, '\0');
    std::size_t size = 0;
    while (size < beginning.size()) {
        const auto read = TRY(source.read(std::span(beginning).subspan(size)));
        if (read == 0)
            break;
        size += read;
    }
    beginning.resize(size);
    return beginning;
}

using Restart = std::function<Result<std::unique_ptr<ChunkSource>>()>; // the bytes from the beginning

bool is_named(std::string_view name, std::initializer_list<std::string_view> endings) {
    std::string plain = folded(name);
    if (plain.ends_with(".gz"))
        plain.resize(plain.size() - 3);
    return std::ranges::any_of(endings, [&](std::string_view ending) { return plain.ends_with(ending); });
}

bool looks_like_json(std::string_view text, std::string_view name) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || (text[first] != '{' && text[first] != '['))
        return false;
    const auto second = text.find_first_not_of(" \t\r\n", first + 1);
    const bool is_plausible = second != std::string_view::npos && (text[second] == '{' || text[second] == '"' ||
                                                                      text[second] == ']' || text[second] == '}');
    return is_plausible && !is_named(name, {".csv", ".tsv", ".txt"});
}

Result<std::unique_ptr<Table>> open_text(
    const Restart& restart, std::string_view name, Description description, const Choice& choice, int table) {
    const std::string beginning = TRY(read_beginning(*TRY(restart())));
    if (beginning.empty())
        return fail(ErrorKind::invalid, "import.empty_file",
            LocalText("The file is empty: a header with the names of the columns is needed.",
                "文件为空：需要有列名组成的表头。"));
    TRY(check_bytes(beginning));
    const Encoding encoding =
        choice.encoding.empty() ? detect_encoding(beginning) : TRY(parse_encoding(choice.encoding));
    description.encoding = to_string(encoding);
    const auto text_source = [&]() -> Result<std::unique_ptr<ChunkSource>> {
        return decoded(TRY(restart()), encoding);
    };
    std::string text = encoding == Encoding::utf8 ? beginning : TRY(read_beginning(*TRY(text_source())));
    text.erase(0, mark_bytes(text, Encoding::utf8));
    TRY(check_text(text));
    if (looks_like_json(text, name)) {
        description.format = "json";
        return FoundTable::over(TRY(json_rows(TRY(text_source()))), std::move(description), choice, 1);
    }
    if (folded(text.substr(0, 11)) == "begin:vcard") {
        description.format = "vcard";
        return FoundTable::over(vcard_rows(TRY(text_source())), std::move(description), choice, 1);
    }
    auto rows = TRY(CsvRows::over(TRY(text_source()), is_named(name, {".tsv"}) ? '\t' : '\0',
        encoding == Encoding::utf8 ? DecodedFrom::utf8 : DecodedFrom::another));
    description.format = "csv";
    description.delimiter = rows->dialect().delimiter;
    return FoundTable::over(std::move(rows), std::move(description), choice, table);
}

// A workbook's sheets in the order in which they are tried where none is named.
std::vector<std::size_t> seen_first(const std::vector<SheetName>& sheets) {
    std::vector<std::size_t> order;
    for (const bool is_hidden : {false, true})
        for (std::size_t i = 0; i < sheets.size(); ++i)
            if (sheets[i].is_hidden == is_hidden)
                order.push_back(i);
    return order;
}

Result<std::unique_ptr<Table>> open_xlsx(std::shared_ptr<Zip> zip, const Choice& choice) {
    const auto workbook = TRY(open_workbook(std::move(zip)));
    Description description{.format = "xlsx"};
    for (const Worksheet& sheet : workbook->sheets)
        description.sheets.push_back({sheet.name, sheet.is_hidden});
    const Wanted wanted = parse_wanted(choice.sheet, description.sheets);
    const auto open_one = [&](std::size_t index) -> Result<std::unique_ptr<Table>> {
        Description one = description;
        one.sheet = workbook->sheets[index].name;
        return FoundTable::over(TRY(open_sheet(workbook, index)), std::move(one), choice, wanted.table);
    };
    if (!wanted.sheet.empty())
        return open_one(TRY(find_sheet(wanted.sheet, description.sheets)));
    std::optional<Error> failed;
    for (const std::size_t index : seen_first(description.sheets)) {
        auto table = open_one(index);
        if (table)
            return table;
        if (!failed || failed->code == "import.empty_file")
            failed = table.error();
    }
    return fail(std::move(*failed));
}

Result<std::unique_ptr<Table>> open_archive(std::shared_ptr<Zip> zip, const Choice& choice) {
    Description description;
    std::vector<const ZipEntry*> files;
    for (const ZipEntry& entry : zip->entries())
        if (!entry.is_folder() && !entry.name.starts_with("__MACOSX/") &&
            !entry.name.substr(entry.name.rfind('/') + 1).starts_with('.')) {
            files.push_back(&entry);
            description.sheets.push_back(
                {is_valid_utf8(entry.name) ? entry.name : fmt::format("file {}", files.size()), false});
        }
    if (files.empty())
        return fail(ErrorKind::invalid, "import.empty_file",
            LocalText("The archive is empty: a table in it is needed.", "压缩包为空：其中应有表格文件。"));
    const Wanted wanted = parse_wanted(choice.sheet, description.sheets);
    const std::size_t index = wanted.sheet.empty() ? 0 : TRY(find_sheet(wanted.sheet, description.sheets));
    const ZipEntry& entry = *files[index];
    description.sheet = description.sheets[index].name;
    const Restart restart = [zip, entry] { return zip->inflate(entry); };
    const std::string beginning = TRY(read_beginning(*TRY(restart())));
    if (beginning.starts_with("PK\3\4") || beginning.starts_with("\x1f\x8b"))
        return nested_archive(description.sheet);
    return open_text(restart, entry.name, std::move(description), choice, wanted.table);
}

bool is_open_document(const Zip& zip) {
    const auto* kind = zip.find("mimetype");
    const auto text = kind ? zip.read(*kind, 1000) : Result<std::string>("");
    return text && text->find("opendocument") != std::string::npos;
}

Result<std::unique_ptr<Table>> open_zip(std::shared_ptr<File> file, const Choice& choice) {
    auto zip = TRY(Zip::open(std::move(file)));
    if (is_open_document(*zip))
        return open_document();
    if (zip->find("xl/workbook.bin"))
        return binary_workbook();
    if (zip->find("word/document.xml"))
        return not_a_table("a text document", "文字处理文档");
    if (zip->find("ppt/presentation.xml"))
        return not_a_table("a presentation", "演示文稿");
    if (zip->find("[Content_Types].xml"))
        return open_xlsx(std::move(zip), choice);
    return open_archive(std::move(zip), choice);
}

} // namespace

Result<std::unique_ptr<Table>> open(std::shared_ptr<File> file, const Choice& choice) {
    if (Zip::is_zip(*file))
        return open_zip(std::move(file), choice);
    const bool is_packed = is_gzip(*file);
    const Restart restart = [file, is_packed]() -> Result<std::unique_ptr<ChunkSource>> {
        return is_packed ? inflated(file) : bytes_of(file);
    };
    const Wanted wanted = parse_wanted(choice.sheet, {});
    if (!wanted.sheet.empty() && wanted.sheet != "1")
        return no_such_sheet(choice.sheet, {});
    return open_text(restart, file->name(), {}, choice, wanted.table);
}

Result<std::unique_ptr<Table>> open(const std::string& path, const Choice& choice) {
    return open(TRY(File::open(path)), choice);
}

} // namespace onefold::sheet
