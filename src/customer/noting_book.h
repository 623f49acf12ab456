#pragma once
// Keeps in mind how customers stood before they went or came back, and who was opened: change rows of decisions.
#include "change/change.h"
#include "customer/customer.h"

namespace onefold::customer {

struct Standing {
    std::string state;
    std::int64_t merged_into = 0, version = 0;
};

class NotingBook : public Book {
  public:
    Result<std::vector<CustomerId>> open(
        store::Session& session, const std::vector<identity::NodeKind>& kinds) override;
    Result<std::vector<CustomerId>> reserve(
        store::Session& session, const std::vector<identity::NodeKind>& kinds) override {
        return open(session, kinds);
    }
    Result<> move(store::Session& session, const std::vector<Move>& moves) override;
    Result<> withdraw(store::Session& session, const std::vector<CustomerId>& customers); // nothing remains of them
    Result<std::vector<change::Entry>> entries(store::Session& session) const;
    bool opened(CustomerId id) const;

  private:
    std::map<CustomerId, std::optional<Standing>> before_; // nothing of who was opened
};

} // namespace onefold::customer
