#pragma once
// XML by stream, on expat: events of elements and text, no document type, bounded depth.
#include "core/result.h"

#include <functional>
#include <memory>
#include <string_view>

struct XML_ParserStruct;

namespace onefold::sheet {

class XmlHandler {
  public:
    virtual ~XmlHandler() = default;
    // Names without their prefix. `attributes`: name, value, …, null; their names with prefix, as they stand.
    virtual void begin(std::string_view name, const char** attributes) = 0;
    virtual void end(std::string_view name) = 0;
    virtual void text(std::string_view text) = 0;
};
// "" where it is not there. A name that is asked for without prefix is found with any.
std::string_view attribute(const char** attributes, std::string_view name);

// For one thread. Fails with sheet.bad_xml (not well-formed) or sheet.xml_refused (a document type, elements nested
// deeper than 64): nothing is read after that.
class XmlParser {
  public:
    explicit XmlParser(XmlHandler& handler);
    ~XmlParser();
    XmlParser(const XmlParser&) = delete;
    XmlParser& operator=(const XmlParser&) = delete;
    enum class Piece { more_follow, last };
    Result<> feed(std::string_view bytes, Piece piece);

  private:
    friend struct XmlCalls;
    XmlHandler& handler_;
    XML_ParserStruct* parser_;
    int depth_ = 0;
    bool is_refused_ = false;
};

Result<> parse_xml(std::string_view text, XmlHandler& handler);

} // namespace onefold::sheet
