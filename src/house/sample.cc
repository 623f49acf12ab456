#include "house/sample.h"

#include "company/company.h"
#include "demo/demo.h"
#include "house/line_reader.h"

#include <algorithm>
#include <future>
#include <spdlog/spdlog.h>

namespace onefold::house {
namespace {

using namespace std::chrono_literals;
using boost::json::object;

constexpr std::uint64_t options_bytes_max = 1 << 16;
constexpr std::size_t batch_messages_max = 200, batch_bytes_max = 256 << 10;

// What makes two demo companies the same.
object text_of(const demo::Options& options) {
    object rates;
    for (const demo::Rate& rate : demo::rates())
        rates[rate.name] = options.rates.*rate.member;
    return {{"customers", options.customers}, {"seed", options.seed}, {"rates", std::move(rates)},
        {"until", to_rfc3339(options.until)}};
}

std::string name_of_messages() {
    const auto found = std::ranges::find(demo::files(), "messages", &demo::DemoFile::kind);
    return std::string(found->name);
}

Failure sample_runs() {
    return fail(
        ErrorKind::conflict, "house.sample_runs", {"Sample data are being loaded already.", "示例数据正在加载中。"});
}

Caller system_caller() {
    Caller caller;
    caller.principal = {Principal::Kind::system, 0, Role::admin};
    return caller;
}

bool has_ended(import::State state) {
    return state != import::State::waiting && state != import::State::running;
}

} // namespace

Result<> Sample::lay_out(const demo::Options& options) const {
    const std::string path = rooms_.folder + "/options.json";
    runtime::Files& files = rooms_.outside.files;
    customer::Listing one;
    one.page.limit = 1;
    const bool is_empty = TRY(rooms_.customers.list(one)).items.empty();
    if (files.exists(path)) {
        const auto begun = boost::json::parse(TRY(files.read_all(path, options_bytes_max)));
        demo::Options same = options;
        same.until = TRY(parse_rfc3339(begun.at("until").as_string()));
        if (begun == text_of(same))
            return {}; // the files may be read this moment
    }
    if (!is_empty)
        return fail(ErrorKind::conflict, "house.not_empty",
            {"There are customers already: sample data are only for an empty installation. Nothing was changed.",
                "已有客户数据，示例数据只能用于空的系统。未做任何更改。"});
    TRY(demo::write_files(files, rooms_.folder, options));
    return files.replace(path, boost::json::serialize(text_of(options)));
}

void Sample::begin() {
    runtime::Files& files = rooms_.outside.files;
    if (!files.exists(key_path()))
        return;
    const auto noted = files.read_all(key_path(), options_bytes_max);
    const auto id = noted ? parse_id(*noted) : std::nullopt;
    if (id)
        end_key(system_caller(), source::WriteKeyId{*id});
    else
        spdlog::warn("sample: {} cannot be read", key_path());
}

Result<Sample::Key> Sample::noted(Key key) const {
    TRY(rooms_.outside.files.replace(key_path(), to_string(key.id)));
    return key;
}

void Sample::end_key(const Caller& caller, source::WriteKeyId id) const {
    const auto revoked = rooms_.sources.revoke_write_key(caller, id);
    const bool is_over = revoked || revoked.error().kind == ErrorKind::not_found;
    if (!is_over)
        spdlog::warn("sample: {}", revoked.error().message.in("en"));
    else if (const auto removed = rooms_.outside.files.remove(key_path()); !removed)
        spdlog::warn("sample: {}", removed.error().message.in("en"));
}

// Its days and hours are those of its sources, where nobody has chosen any yet.
Result<> Sample::set_zone(const Caller& caller) {
    return rooms_.database.write([&](store::Session& session) -> Result<> {
        const auto company = TRY(company::get_company(session));
        if (company.zone == company::Company{}.zone)
            TRY(company::update_company(session, company::author_of(caller, rooms_.outside), company.version,
                {.name = {},
                    .zone = std::string(demo::zone),
                    .currency = {},
                    .locale = {},
                    .event_retention_days = {}}));
        return {};
    });
}

// The sources with their settings; the key with which the website sends.
Result<Sample::Key> Sample::furnish_sources(const Caller& caller) {
    Key write_key;
    for (const demo::DemoSource& wanted : demo::sources()) {
        auto source = rooms_.sources.find(wanted.name);
        if (!source) {
            auto made = TRY(rooms_.sources.create(
                caller, {std::string(wanted.name), TRY(source::kind_named(wanted.kind)), std::string(demo::zone),
                            std::string(demo::currency), std::string(demo::region)}));
            TRY(rooms_.sources.update(caller, made.source.id, made.source.version, {.trust = wanted.trust}));
            source = made.source;
            if (wanted.kind == "api")
                write_key = TRY(noted({TRY(rooms_.sources.list_write_keys(source->id)).front().id, made.write_key}));
        } else if (wanted.kind == "api") {
            auto made = TRY(rooms_.sources.create_write_key(caller, source->id));
            write_key = TRY(noted({made.write_key.id, std::move(made.secret)}));
        }
    }
    return write_key;
}

Result<SampleStatus> Sample::start(const Caller& caller, const demo::Options& options) {
    const std::lock_guard starting(starting_);
    for (const ImportId id : status().imports)
        if (!has_ended(TRY(rooms_.imports.get(id)).state))
            return sample_runs();
    if (status().state == SampleState::running)
        return sample_runs();
    TRY(lay_out(options));
    TRY(set_zone(caller));
    const Key write_key = TRY(furnish_sources(caller));
    SampleStatus status{.state = SampleState::running};
    for (const demo::DemoFile& file : demo::files())
        if (const auto kind = import::parse_kind(file.kind)) {
            const auto import =
                TRY(rooms_.imports.create(caller, {fmt::format("{}/{}", rooms_.folder, file.name), *kind,
                                                      std::string(file.source), boost::json::parse(file.map)}));
            status.imports.push_back(import.id);
        }
    if (thread_.joinable())
        thread_.join();
    {
        const std::lock_guard lock(mutex_);
        status_ = status;
    }
    thread_ = std::thread([this, caller, write_key] { work(caller, write_key); });
    return status;
}

SampleStatus Sample::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

void Sample::stop() {
    is_stopping_ = true;
    if (thread_.joinable())
        thread_.join();
}

void Sample::work(const Caller& caller, const Key& write_key) {
    Result<> done = send_messages(write_key.secret);
    if (done)
        done = wait_for_imports();
    end_key(caller, write_key.id);
    const std::lock_guard lock(mutex_);
    status_.state = done ? SampleState::finished : SampleState::failed;
    status_.percent = done ? 100 : status_.percent;
    if (!done)
        status_.trouble = done.error().message;
}

Result<> Sample::send_messages(const std::string& write_key) {
    const std::string path = fmt::format("{}/{}", rooms_.folder, name_of_messages());
    LineReader lines(TRY(rooms_.outside.files.open(path, runtime::OpenMode::read)));
    const std::string head = fmt::format(R"({{"writeKey":"{}","batch":[)", write_key);
    for (bool is_more = true; is_more;) {
        std::string body = head;
        std::uint64_t count = 0;
        std::string line;
        while (count < batch_messages_max && body.size() < batch_bytes_max && (is_more = TRY(lines.next(line)))) {
            body += count++ > 0 ? "," : "";
            body += line;
        }
        if (count > 0)
            TRY(send(body + "]}"));
        const std::lock_guard lock(mutex_);
        status_.messages += count;
        status_.percent = int(50 * lines.bytes_read() / std::max<std::uint64_t>(1, lines.bytes_total()));
    }
    return {};
}

// A server that is busy says so; then it is asked again.
Result<> Sample::send(const std::string& body) {
    while (!is_stopping_) {
        http::Incoming incoming{.method = http::Method::post, .path = "/v1/batch", .body = body, .is_local = true};
        incoming.headers = {{"host", "localhost"}, {"content-type", "application/json"}};
        std::promise<int> answered;
        rooms_.contract.dispatch(
            std::move(incoming), [&](http::Outgoing answer) { answered.set_value(answer.status); });
        const int status = answered.get_future().get();
        if (status == 200)
            return {};
        if (status != 429 && status != 503)
            return fail(ErrorKind::unavailable, "house.sample_refused",
                {fmt::format("The website's messages were refused with {}.", status),
                    fmt::format("网站消息被拒收（{}）。", status)});
        std::this_thread::sleep_for(100ms);
    }
    return fail(ErrorKind::unavailable, "house.stopping", {"The server stops.", "服务器正在停止。"});
}

Result<> Sample::wait_for_imports() {
    const auto ids = status().imports;
    for (std::size_t i = 0; i < ids.size();) {
        const auto import = TRY(rooms_.imports.get(ids[i]));
        if (!has_ended(import.state)) {
            if (is_stopping_)
                return fail(ErrorKind::unavailable, "house.stopping", {"The server stops.", "服务器正在停止。"});
            std::this_thread::sleep_for(50ms);
            continue;
        }
        if (import.error)
            return fail(ErrorKind::unavailable, "house.sample_failed", *import.error);
        ++i;
        const std::lock_guard lock(mutex_);
        status_.percent = int(50 + 50 * i / ids.size());
    }
    return {};
}

} // namespace onefold::house
