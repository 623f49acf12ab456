#include "sheet/xml.h"

#include <expat.h>

namespace onefold::sheet {
namespace {

constexpr int depth_max = 64;

std::string_view without_prefix(std::string_view name) {
    const auto colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

} // namespace

struct XmlCalls {
    static XmlParser& of(void* parser) { return *static_cast<XmlParser*>(parser); }
    static void refuse(XmlParser& parser) {
        parser.is_refused_ = true;
        XML_StopParser(parser.parser_, XML_FALSE);
    }
    static void begin(void* user, const XML_Char* name, const XML_Char** attributes) {
        XmlParser& parser = of(user);
        if (++parser.depth_ > depth_max)
            return refuse(parser);
        parser.handler_.begin(without_prefix(name), attributes);
    }
    static void end(void* user, const XML_Char* name) {
        --of(user).depth_;
        of(user).handler_.end(without_prefix(name));
    }
    static void text(void* user, const XML_Char* text, int size) { of(user).handler_.text({text, std::size_t(size)}); }
    static void doctype(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) { refuse(of(user)); }
};

std::string_view attribute(const char** attributes, std::string_view name) {
    for (; *attributes; attributes += 2)
        if (attributes[0] == name || without_prefix(attributes[0]) == name)
            return attributes[1];
    return {};
}

XmlParser::XmlParser(XmlHandler& handler) : handler_(handler), parser_(XML_ParserCreate(nullptr)) {
    if (!parser_)
        throw std::bad_alloc();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(parser_, XmlCalls::begin, XmlCalls::end);
    XML_SetCharacterDataHandler(parser_, XmlCalls::text);
    XML_SetStartDoctypeDeclHandler(parser_, XmlCalls::doctype);
}

XmlParser::~XmlParser() {
    XML_ParserFree(parser_);
}

Result<> XmlParser::feed(std::string_view bytes, Piece piece) {
    if (XML_Parse(parser_, bytes.data(), int(bytes.size()), piece == Piece::last) == XML_STATUS_OK)
        return {};
    if (is_refused_)
        return fail(ErrorKind::invalid, "sheet.xml_refused",
            {"The workbook holds XML that no spreadsheet program writes (a document type, or elements nested very "
             "deep); it "
             "is not read. Open it in Excel, WPS or LibreOffice and save it again as .xlsx.",
                "工作簿中的 XML 异常（含文档类型定义或嵌套过深），已拒绝读取。请用 Excel、WPS 或 LibreOffice "
                "打开后另存为 .xlsx。"});
    if (XML_GetErrorCode(parser_) == XML_ERROR_NO_MEMORY)
        throw std::bad_alloc();
    return fail(ErrorKind::invalid, "sheet.bad_xml",
        {fmt::format(
             "The workbook is damaged: its XML cannot be read in line {} ({}). Open it in Excel, WPS or LibreOffice "
             "and save it again.",
             XML_GetCurrentLineNumber(parser_), XML_ErrorString(XML_GetErrorCode(parser_))),
            fmt::format("工作簿已损坏：XML 第 {} 行无法读取（{}）。请用 Excel、WPS 或 LibreOffice 打开后重新保存。",
                XML_GetCurrentLineNumber(parser_), XML_ErrorString(XML_GetErrorCode(parser_)))});
}

Result<> parse_xml(std::string_view text, XmlHandler& handler) {
    return XmlParser(handler).feed(text, XmlParser::Piece::last);
}

} // namespace onefold::sheet
