#include "http/bind.h"
#include "upload/upload.h"

namespace onefold::upload {
namespace {

struct UploadView {
    UploadId id;
    std::string name;
    std::int64_t size, received;
    bool is_whole;
    Instant created_at, expires_at;
};
BOOST_DESCRIBE_STRUCT(UploadView, (), (id, name, size, received, is_whole, created_at, expires_at))

struct CreateUpload {
    std::string name;
    std::int64_t size;
    static http::Rules rules() { return {{.member = "name", .length_max = 1000}}; }
};
BOOST_DESCRIBE_STRUCT(CreateUpload, (), (name, size))

struct GetUpload {
    UploadId id;
};
BOOST_DESCRIBE_STRUCT(GetUpload, (), (id))

UploadView view_of(const Upload& upload) {
    return {
        upload.id, upload.name, upload.size, upload.received, upload.is_whole(), upload.created_at, upload.expires_at};
}

// A number in the path; nothing where it is none.
std::optional<std::int64_t> number_in(const http::Incoming& incoming, std::size_t place) {
    const std::string& text = incoming.path_values[place].second;
    if (text == "0")
        return 0;
    return parse_id(text);
}

Result<Upload> append_chunk(Uploads& uploads, const Caller& caller, const http::Incoming& incoming) {
    const auto id = number_in(incoming, 0);
    if (!id || *id <= 0)
        return fail(uploads.get(UploadId{}).error());
    const auto offset = number_in(incoming, 1);
    if (!offset || *offset < 0) {
        const LocalText message{"The place in the file is a number of bytes.", "文件中的位置应为字节数。"};
        return fail(ErrorKind::invalid, "upload.bad_offset", message, {{"/offset", "upload.bad_offset", message}});
    }
    TRY(uploads.check_owner(caller, UploadId{*id}));
    return uploads.append(UploadId{*id}, *offset, incoming.body);
}

} // namespace

void Uploads::add_routes(http::Contract& contract) {
    using http::Method;
    contract.add<CreateUpload, UploadView>(
        {Method::post, "/api/v1/uploads", "upload.create", http::may_edit, http::audited{"upload.create"},
            {"Begin to upload a file", "开始上传文件"}, http::Creates::something},
        [this](const Caller& caller, const CreateUpload& request) -> Result<UploadView> {
            return view_of(TRY(create(caller, request.name, request.size)));
        });
    contract.add<GetUpload, UploadView>({Method::get, "/api/v1/uploads/{id}", "upload.get", http::may_edit,
                                            http::not_audited, {"How much of a file is here", "文件已上传多少"}},
        [this](const Caller& caller, const GetUpload& request) -> Result<UploadView> {
            TRY(check_owner(caller, request.id));
            return view_of(TRY(get(request.id)));
        });
    contract.add_raw({.method = Method::put,
                         .path = "/api/v1/uploads/{id}/bytes/{offset}",
                         .name = "upload.append",
                         .permission = http::may_edit,
                         .audit = http::not_audited,
                         .summary = {"Send the next bytes of a file", "上传文件的下一段数据"},
                         .body_bytes_max = chunk_bytes_max},
        {{"type", "string"}, {"contentMediaType", "application/octet-stream"}},
        {{"$ref", "#/components/schemas/UploadView"}},
        [this](const Caller& caller, const http::Incoming& incoming, const http::Respond& respond) {
            const auto appended = append_chunk(*this, caller, incoming);
            if (!appended)
                return respond(http::outgoing_of(appended.error(), caller.locale, caller.request_id));
            const UploadView view = view_of(*appended);
            respond({200, {{"Content-Type", "application/json"}},
                http::written(http::Shape<UploadView>::type(), &view).body});
        });
    contract.add<GetUpload, void>({Method::delete_, "/api/v1/uploads/{id}", "upload.delete", http::may_edit,
                                      http::audited{"upload.delete"}, {"Take an uploaded file away", "删除上传的文件"}},
        [this](const Caller& caller, const GetUpload& request) -> Result<> {
            TRY(check_owner(caller, request.id));
            return remove(request.id);
        });
}

} // namespace onefold::upload
