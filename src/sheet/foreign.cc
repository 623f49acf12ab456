#include "sheet/foreign.h"

#include "core/text.h"

namespace onefold::sheet {
namespace {

Failure refuse(std::string_view code, std::string_view en, std::string_view zh) {
    return fail(ErrorKind::invalid, code, LocalText(en, zh));
}

// "EncryptedPackage" as compound files write it.
constexpr std::string_view encrypted_package("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32);

struct Kind {
    std::string_view magic, en, zh;
};
constexpr Kind kinds[] = {{"%PDF", "a PDF document", "PDF 文档"}, {"\x89PNG", "a picture", "图片"},
    {"\xFF\xD8\xFF", "a picture", "图片"}, {"GIF8", "a picture", "图片"}, {"Rar!", "a RAR archive", "RAR 压缩包"},
    {"7z\xBC\xAF", "a 7z archive", "7z 压缩包"}, {"PAR1", "a Parquet file", "Parquet 文件"},
    {"SQLite format 3", "a SQLite database", "SQLite 数据库"}, {"{\\rtf", "an RTF document", "RTF 文档"},
    {"\xFD"
     "7zXZ",
        "an xz archive", "xz 压缩包"},
    {"BZh", "a bzip2 archive", "bzip2 压缩包"}, {"\x28\xB5\x2F\xFD", "a zstd archive", "zstd 压缩包"},
    {"\x7F"
     "ELF",
        "a program", "程序"},
    {"MZ\x90", "a program", "程序"}};

} // namespace

Failure not_a_table(std::string_view en, std::string_view zh) {
    return refuse("sheet.not_a_table",
        fmt::format(
            "The file is {}, no table. Tables are read from CSV, TSV, .xlsx, JSON, JSON lines and vCard, also in .gz "
            "and .zip.",
            en),
        fmt::format(
            "该文件是{}，不是表格。可读取 CSV、TSV、.xlsx、JSON、JSON Lines 和 vCard，也可为 .gz 或 .zip。", zh));
}

Failure open_document() {
    return refuse("sheet.open_document",
        "The file is an OpenDocument spreadsheet (.ods), which is not read here. Open it in LibreOffice, Excel or WPS, "
        "save it "
        "as Excel workbook (.xlsx), and import that.",
        "该文件是 OpenDocument 表格（.ods），暂不支持。请用 LibreOffice、Excel 或 WPS 打开，另存为 Excel "
        "工作簿（.xlsx）后导入。");
}

Failure binary_workbook() {
    return refuse("sheet.binary_workbook",
        "The file is a binary workbook (.xlsb), which is not read here. Open it in Excel, save it as Excel workbook "
        "(.xlsx), "
        "and import that.",
        "该文件是二进制工作簿（.xlsb），暂不支持。请用 Excel 打开，另存为 Excel 工作簿（.xlsx）后导入。");
}

Failure nested_archive(std::string_view name) {
    return refuse("sheet.nested_archive",
        fmt::format("“{}” inside the archive is an archive or a workbook itself: unpack it and import that file.",
            beginning_of(name, 80)),
        fmt::format("压缩包内的“{}”本身也是压缩包或工作簿：请先解压，再导入该文件。", beginning_of(name, 80)));
}

Result<> check_bytes(std::string_view beginning) {
    if (beginning.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) {
        if (beginning.find(encrypted_package) != std::string_view::npos)
            return refuse("sheet.protected_workbook",
                "The workbook is protected by a password. Open it in Excel or WPS, take the password away (File, Info, "
                "Protect Workbook), save it, and import that.",
                "该工作簿有打开密码。请在 Excel 或 WPS 中打开并取消密码（文件→信息→保护工作簿），保存后再导入。");
        return refuse("sheet.old_workbook",
            "The file is a workbook of Excel 97–2003 (.xls) or another old Office document, which is not read here. "
            "Open it in "
            "Excel, WPS or LibreOffice, save it as Excel workbook (.xlsx), and import that.",
            "该文件是 Excel 97–2003 工作簿（.xls）或其他旧版 Office 文档，暂不支持。请用 Excel、WPS 或 LibreOffice "
            "打开，另存为 Excel 工作簿（.xlsx）后导入。");
    }
    for (const Kind& kind : kinds)
        if (beginning.starts_with(kind.magic))
            return not_a_table(kind.en, kind.zh);
    if (beginning.size() > 262 && beginning.substr(257, 5) == "ustar")
        return not_a_table("a tar archive", "tar 压缩包");
    return {};
}

Result<> check_text(std::string_view beginning) {
    const auto begin = beginning.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos || beginning[begin] != '<')
        return {};
    std::string start(beginning.substr(begin, 4000));
    std::ranges::transform(start, start.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    const auto has = [&](std::string_view word) { return start.find(word) != std::string::npos; };
    if (has("urn:schemas-microsoft-com:office:spreadsheet"))
        return refuse("sheet.web_page",
            "The file is an XML spreadsheet of 2003. Open it in Excel or WPS, save it as Excel workbook (.xlsx), and "
            "import "
            "that.",
            "该文件是 XML 表格 2003 格式。请用 Excel 或 WPS 打开，另存为 Excel 工作簿（.xlsx）后导入。");
    if (has("<html") || has("<!doctype html") || has("<table") || has("<body") || has("<head") || has("<div"))
        return refuse("sheet.web_page",
            "The file is a web page, as many systems export under the name .xls. Open it in Excel or WPS, save it as "
            "Excel "
            "workbook (.xlsx), and import that.",
            "该文件是网页（许多系统以 .xls 之名导出网页）。请用 Excel 或 WPS 打开，另存为 Excel "
            "工作簿（.xlsx）后导入。");
    if (has("<?xml") || has("<svg"))
        return not_a_table("an XML document", "XML 文档");
    return {};
}

} // namespace onefold::sheet
