#pragma once
// Values that do not join and the policy of who may join whom, as people see and change them; what follows for
// customers follows in the same transaction, or, of a change of policy, step by step behind it.
#include "customer/customer.h"
#include "http/contract.h"
#include "identity/policy.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace onefold::customer {

struct ValueHolder {
    identity::StoredHolder holder;
    std::string source, name; // of the source and of the customer
};
struct ValueDetail {
    identity::StoredValue value;
    std::vector<ValueHolder> holders; // by node
    bool has_more = false;
    std::map<std::string, std::string> names; // of people, by principal
};
struct ValueList {
    identity::ValuePage page;
    std::map<std::string, std::string> names;
};
struct PolicyView {
    identity::StoredPolicy policy;
    bool is_sweeping = false; // what is stored is still being judged again
    std::map<std::string, std::string> names;
};

// Thread-safe.
class Values {
  public:
    Values(store::Database& database, const Customers& customers, const source::Sources& sources,
        const runtime::Outside& outside);
    ~Values() { stop(); }

    // Puts the stored policy in force; before anything else reads identifiers.
    Result<> load();
    // In the background: carries on what an earlier change of policy left.
    void start();
    void stop();
    std::optional<Error> trouble() const; // why sweeping stands, if it does

    // customer.bad_cursor, identity.unknown_type
    Result<ValueList> list(const identity::ValueFilter& filter) const;
    Result<ValueDetail> get(IdentifierId id, NodeId after, int limit) const;
    // nullopt: as the rules say. The errors of identity.
    Result<identity::ValueDecided> decide(const Caller& caller, IdentifierId id,
        std::optional<identity::ValueState> state, const std::string& reason, Doing doing) const;

    Result<PolicyView> policy() const;
    Result<std::vector<identity::StoredPolicy>> policies(std::int64_t before, int limit) const;
    // identity.bad_policy, identity.policy_changed
    Result<PolicyView> set_policy(
        const Caller& caller, std::int64_t seen, const identity::Policy& policy, const std::string& reason);

    void add_routes(http::Contract& contract);

  private:
    void run();
    Result<bool> step(); // whether there was something to do
    void add_policy_routes(http::Contract& contract);

    store::Database& database_;
    const Customers& customers_;
    const source::Sources& sources_;
    const runtime::Outside& outside_;
    std::mutex installing_; // policies come into force in the order of their versions
    mutable std::mutex mutex_;
    std::condition_variable told_;
    bool is_stopping_ = false, is_told_ = false;
    std::optional<Error> trouble_;
    std::thread thread_;
};

} // namespace onefold::customer
