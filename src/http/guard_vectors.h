#pragma once
// Requests that two programs could understand in two ways, and some that everybody understands. Each is what a client
// sends.
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::http {

struct FramingVector {
    std::string_view name;
    std::string request;
};

inline std::string post(std::string_view fields, std::string_view body) {
    return "POST /echo HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n" + std::string(fields) + "\r\n" +
           std::string(body);
}
inline std::string get(std::string_view fields) {
    return "GET /thing HTTP/1.1\r\nHost: here\r\n" + std::string(fields) + "\r\n";
}
inline std::string chunked(std::string_view body) {
    return post("Transfer-Encoding: chunked\r\n", body);
}

inline std::vector<FramingVector> vectors_to_refuse() {
    using namespace std::string_literals;
    constexpr std::string_view next = "GET /thing HTTP/1.1\r\nHost: here\r\n\r\n"; // what an attacker would smuggle
    const auto zero = "0\r\n\r\n"s + std::string(next);
    std::string many_fields, long_field = "X: " + std::string(9'000, 'x') + "\r\n";
    for (int i = 0; i < 700; ++i)
        many_fields += "a:b\r\n";
    std::string hundred_fields;
    for (int i = 0; i < 100; ++i)
        hundred_fields += "a:b\r\n";
    return {
        // Content-Length against Transfer-Encoding
        {"CL.TE", post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nX")},
        {"TE.CL", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "5c\r\nGET /")},
        {"TE.CL with zero length", post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", zero)},
        {"two equal lengths", post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}")},
        {"two lengths", post("Content-Length: 2\r\nContent-Length: 40\r\n", "{}" + std::string(next))},
        {"list of equal lengths", post("Content-Length: 2, 2\r\n", "{}")},
        {"length with plus", post("Content-Length: +2\r\n", "{}")},
        {"negative length", post("Content-Length: -2\r\n", "{}")},
        {"hexadecimal length", post("Content-Length: 0x2\r\n", "{}")},
        {"length beyond 64 bits", post("Content-Length: 18446744073709551618\r\n", "{}")},
        {"empty length", post("Content-Length: \r\n", "")},
        {"length with a word", post("Content-Length: 2 bytes\r\n", "{}")},
        {"length with leading zeros", post("Content-Length: 002\r\n", "{}")},
        {"length with a fraction", post("Content-Length: 2.0\r\n", "{}")},
        {"length with a quote", post("Content-Length: \"2\"\r\n", "{}")},
        {"blank before the colon of a length", post("Content-Length : 2\r\n", "{}")},
        {"tab before the colon of a length", post("Content-Length\t: 2\r\n", "{}")},
        {"length with underscore", post("Content_Length: 2\r\n", "{}")},
        {"vertical tab before a length", post("Content-Length:\x0b"
                                              "2\r\n",
                                             "{}")},
        // Transfer-Encoding that is nearly chunked
        {"xchunked", post("Transfer-Encoding: xchunked\r\n", zero)},
        {"chunked, identity", post("Transfer-Encoding: chunked, identity\r\n", zero)},
        {"identity", post("Transfer-Encoding: identity\r\n", zero)},
        {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", zero)},
        {"gzip only", post("Transfer-Encoding: gzip\r\n", zero)},
        {"chunked twice in a list", post("Transfer-Encoding: chunked, chunked\r\n", zero)},
        {"two encodings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", zero)},
        {"two encodings, second identity", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", zero)},
        {"chunked with capital", post("Transfer-Encoding: Chunked\r\n", zero)},
        {"chunked with parameter", post("Transfer-Encoding: chunked;q=1\r\n", zero)},
        {"chunked in quotes", post("Transfer-Encoding: \"chunked\"\r\n", zero)},
        {"empty encoding", post("Transfer-Encoding:\r\n", zero)},
        {"blank before the colon of an encoding", post("Transfer-Encoding : chunked\r\n", zero)},
        {"vertical tab before chunked", post("Transfer-Encoding:\x0b"
                                             "chunked\r\n",
                                            zero)},
        {"form feed behind chunked", post("Transfer-Encoding: chunked\x0c\r\n", zero)},
        {"NUL behind chunked", post("Transfer-Encoding: chunked\0\r\n"s, zero)},
        {"encoding with underscore", post("Transfer_Encoding: chunked\r\n", zero)},
        {"HTTP/1.0 with encoding", "POST /echo HTTP/1.0\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n" + zero},
        {"folded encoding", post("Transfer-Encoding:\r\n chunked\r\n", zero)},
        {"encoding folded behind another field", post("X: y\r\n Transfer-Encoding: chunked\r\n", zero)},
        {"fold with tab", get("X: y\r\n\tz\r\n")},
        {"first field folded", "GET /thing HTTP/1.1\r\n Host: here\r\nHost: here\r\n\r\n"},
        // Bodies where none belong
        {"GET with length", get("Content-Length: 36\r\n") + std::string(next)},
        {"GET with chunks", get("Transfer-Encoding: chunked\r\n") + zero},
        {"HEAD with length", "HEAD /thing HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\nabc"},
        {"DELETE with length", "DELETE /thing HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}"},
        {"OPTIONS with chunks", "OPTIONS /thing HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n" + zero},
        // Host
        {"no Host", "GET /thing HTTP/1.1\r\n\r\n"},
        {"no Host in HTTP/1.0", "GET /thing HTTP/1.0\r\n\r\n"},
        {"two Hosts", get("Host: here\r\n")},
        {"two Hosts that differ", get("Host: there\r\n")},
        {"foreign Host", "GET /thing HTTP/1.1\r\nHost: evil.example\r\n\r\n"},
        {"Host with a user", "GET /thing HTTP/1.1\r\nHost: here@evil.example\r\n\r\n"},
        {"Host with a path", "GET /thing HTTP/1.1\r\nHost: here/x\r\n\r\n"},
        {"empty Host", "GET /thing HTTP/1.1\r\nHost: \r\n\r\n"},
        {"Host with a list", "GET /thing HTTP/1.1\r\nHost: here, evil\r\n\r\n"},
        {"Host with a bad port", "GET /thing HTTP/1.1\r\nHost: here:8o\r\n\r\n"},
        // The request line
        {"absolute form", "GET http://here/thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"authority form", "CONNECT here:80 HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"two slashes first", "GET //evil.example/thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"blank in the target", "GET /thing HTTP/1.1 HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"two blanks", "GET  /thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"tab for a blank", "GET\t/thing\tHTTP/1.1\r\nHost: here\r\n\r\n"},
        {"fragment", "GET /thing#x HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"bytes beyond ASCII in the target", "GET /th\xc3\xafng HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"NUL in the target", "GET /thing\0 HTTP/1.1\r\nHost: here\r\n\r\n"s},
        {"encoded NUL", "GET /thing%00 HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"encoded slash", "GET /x%2fthing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"broken escape", "GET /thing%4 HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"dot segments", "GET /x/../thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"encoded dot segments", "GET /x/%2e%2e/thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"backslash", "GET /x\\thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"empty segment", "GET /x//thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"overlong UTF-8", "GET /%c0%ae%c0%ae/thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"no version", "GET /thing\r\nHost: here\r\n\r\n"},
        {"HTTP/2.0", "GET /thing HTTP/2.0\r\nHost: here\r\n\r\n"},
        {"HTTP/0.9", "GET /thing HTTP/0.9\r\nHost: here\r\n\r\n"},
        {"HTTP/1.10", "GET /thing HTTP/1.10\r\nHost: here\r\n\r\n"},
        {"version in small letters", "GET /thing http/1.1\r\nHost: here\r\n\r\n"},
        {"method in small letters", "get /thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"method with a control character", "G\x01T /thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        {"TLS on a plain port", "\x16\x03\x01\x02\x00\x01"s},
        // Lines and fields
        {"line break first", "\r\nGET /thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"bare LF everywhere", "GET /thing HTTP/1.1\nHost: here\n\n"},
        {"one bare LF", "GET /thing HTTP/1.1\r\nHost: here\nX: y\r\n\r\n"},
        {"bare CR in a value", get("X: y\rContent-Length: 5\r\n")},
        {"CR CR LF", get("X: y\r\r\n")},
        {"NUL in a value", get("X: a\0b\r\n"s)},
        {"NUL in a name", get("X\0: b\r\n"s)},
        {"delete character in a value", get("X: a\x7f\r\n")},
        {"field without a colon", get("Just words\r\n")},
        {"field without a name", get(": value\r\n")},
        {"name with a blank", get("X Y: z\r\n")},
        {"name beyond ASCII", get("X\xc3\xa4: z\r\n")},
        {"name with brackets", get("X(y): z\r\n")},
        {"700 fields", get(many_fields)},
        {"101 fields", get(hundred_fields)},
        {"head of 9 KiB", get(long_field)},
        {"unknown expectation", post("Expect: 200-ok\r\nContent-Length: 2\r\n", "{}")},
        {"two expectations", post("Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 2\r\n", "{}")},
        {"announced trailers", post("Trailer: X\r\nTransfer-Encoding: chunked\r\n", zero)},
        // Chunks
        {"chunk extension", chunked("2;x=y\r\n{}\r\n0\r\n\r\n")},
        {"chunk extension on the last", chunked("2\r\n{}\r\n0;x\r\n\r\n")},
        {"chunk extension with a quoted line break", chunked("2;a=\"\n\r\n{}\r\n0\r\n\r\n")},
        {"chunk size with 0x", chunked("0x2\r\n{}\r\n0\r\n\r\n")},
        {"chunk size with plus", chunked("+2\r\n{}\r\n0\r\n\r\n")},
        {"negative chunk size", chunked("-2\r\n{}\r\n0\r\n\r\n")},
        {"chunk size beyond 64 bits", chunked("10000000000000002\r\n{}\r\n0\r\n\r\n")},
        {"chunk size with a blank before", chunked(" 2\r\n{}\r\n0\r\n\r\n")},
        {"chunk size with a blank behind", chunked("2 \r\n{}\r\n0\r\n\r\n")},
        {"chunk size with a tab behind", chunked("2\t\r\n{}\r\n0\r\n\r\n")},
        {"empty chunk size", chunked("\r\n{}\r\n0\r\n\r\n")},
        {"chunk size with underscore", chunked("1_0\r\n{}\r\n0\r\n\r\n")},
        {"chunk size ends with bare LF", chunked("2\n{}\r\n0\r\n\r\n")},
        {"chunk size ends with CR CR LF", chunked("2\r\r\n{}\r\n0\r\n\r\n")},
        {"chunk longer than its size", chunked("2\r\n{}}\r\n0\r\n\r\n")},
        {"chunk data ends with bare LF", chunked("2\r\n{}\n0\r\n\r\n")},
        {"chunk data ends with nothing", chunked("2\r\n{}0\r\n\r\n")},
        {"trailer that nobody announced", chunked("2\r\n{}\r\n0\r\nX: y\r\n\r\n")},
        {"trailer with framing", chunked("2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n")},
        {"last chunk ends with bare LF", chunked("2\r\n{}\r\n0\n\n")},
    };
}

inline std::vector<FramingVector> vectors_to_take() {
    std::string fields;
    for (int i = 0; i < 99; ++i)
        fields += "a:b\r\n";
    return {
        {"plain GET", get("")},
        {"HTTP/1.0", "GET /thing HTTP/1.0\r\nHost: here\r\n\r\n"},
        {"query", "GET /ask?a=%7B%7D&b={x|y}&c=%E5%A4%A9 HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"encoded path", "GET /%74hing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"Host with port", "GET /thing HTTP/1.1\r\nHost: here:8080\r\n\r\n"},
        {"Host in capitals", "GET /thing HTTP/1.1\r\nHOST: HERE\r\n\r\n"},
        {"no blank behind the colon", "GET /thing HTTP/1.1\r\nHost:here\r\n\r\n"},
        {"blanks around a value", get("X:  \t y \t \r\n")},
        {"empty value", get("X:\r\n")},
        {"bytes beyond ASCII in a value", get("X: \xe5\xa4\xa9\r\n")},
        {"colons in a value", get("X: a:b:c\r\n")},
        {"100 fields", get(fields)},
        {"the same field twice", get("Accept: a\r\nAccept: b\r\n")},
        {"underscore in another name", get("X_Y: z\r\n")},
        {"GET with zero length", get("Content-Length: 0\r\n")},
        {"HEAD", "HEAD /thing HTTP/1.1\r\nHost: here\r\n\r\n"},
        {"POST with length", post("Content-Length: 2\r\n", "{}")},
        {"POST with zero length", post("Content-Length: 0\r\n", "")},
        {"POST with chunks", chunked("1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")},
        {"chunk size in capitals", chunked("0A\r\n{       }\n\r\n0\r\n\r\n")},
        {"expectation", post("Expect: 100-continue\r\nContent-Length: 2\r\n", "{}")},
        {"connection to be closed", get("Connection: close\r\n")},
    };
}

} // namespace onefold::http
