// Any bytes as the sheet of a workbook whose archive is whole.
#include "sheet/fuzz_rig.h"

#include <zlib.h>

using namespace onefold::sheet;

namespace {

std::string little(std::uint64_t value, int bytes) {
    std::string text;
    for (; bytes > 0; --bytes, value >>= 8)
        text += char(value);
    return text;
}

class Stored {
  public:
    void add(std::string_view name, std::string_view text) {
        const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), uInt(text.size()));
        const std::string fields = little(20, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(crc, 4) +
                                   little(text.size(), 4) + little(text.size(), 4) + little(name.size(), 2);
        directory_ += "PK\1\2" + little(20, 2) + fields + little(0, 12) + little(bytes_.size(), 4);
        directory_ += name;
        bytes_ += "PK\3\4" + fields + little(0, 2);
        (bytes_ += name) += text;
        ++count_;
    }
    std::string bytes() const {
        return bytes_ + directory_ + "PK\5\6" + little(0, 4) + little(count_, 2) + little(count_, 2) +
               little(directory_.size(), 4) + little(bytes_.size(), 4) + little(0, 2);
    }

  private:
    std::string bytes_, directory_;
    int count_ = 0;
};

} // namespace

// The bytes up to the first NUL are the sheet, those up to the next the styles, the rest the shared texts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const auto take = [&] {
        const auto end = std::min(rest.find('\0'), rest.size());
        const auto part = rest.substr(0, end);
        rest.remove_prefix(std::min(rest.size(), end + 1));
        return part;
    };
    Stored zip;
    zip.add("[Content_Types].xml", "<Types/>");
    zip.add("xl/workbook.xml", "<workbook><sheets><sheet name=\"S\" r:id=\"a\" xmlns:r=\"r\"/></sheets></workbook>");
    zip.add("xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"a\" Type=\"x/worksheet\" Target=\"s.xml\"/><Relationship Id=\"b\" "
        "Type=\"x/styles\" Target=\"t.xml\"/><Relationship Id=\"c\" Type=\"x/sharedStrings\" "
        "Target=\"u.xml\"/></Relationships>");
    zip.add("xl/s.xml", take());
    zip.add("xl/t.xml", take());
    zip.add("xl/u.xml", take());
    read_all(open(file_of(zip.bytes(), "a.xlsx"), {}));
    return 0;
}
