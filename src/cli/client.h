#pragma once
// How a command reaches a data folder: through the server that runs on it, else by opening it itself. Both speak the
// same contract.
#include "house/house.h"
#include "runtime/runtime.h"

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>

namespace onefold::cli {

class Client {
  public:
    virtual ~Client() = default;
    // The JSON of a 2xx answer; an error answer as an Error (message in `locale`).
    Result<boost::json::object> call(
        http::Method method, const std::string& path, const boost::json::object& body = {});
    // PATCH of the version that was seen.
    Result<boost::json::object> change(const std::string& path, std::int64_t version, const boost::json::object& body);

  protected:
    struct Call {
        http::Method method = http::Method::get;
        std::string path, body;
        std::optional<std::int64_t> version = {};
    };
    explicit Client(Locale locale) : locale_(std::move(locale)) {}
    virtual Result<http::Outgoing> send(const Call& call) = 0;
    const Locale locale_;

  private:
    Result<boost::json::object> answer_to(const Call& call);
};

// Makes the folder where there is none. While a command holds the folder, waits for it (cli.folder_busy after a
// minute).
Result<std::unique_ptr<Client>> connect(const std::string& folder, const Locale& locale);

} // namespace onefold::cli
