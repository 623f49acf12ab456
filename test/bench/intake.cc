// How fast events of the log become golden records: a crowd of made-up visitors (demo/crowd.h) is appended to a log and
// taken up, alone and while as many more arrive.
//
//   build/intake_speed [CUSTOMERS] [EVENTS]
//
// prints, a line each: events/s of the introduction (everybody is new) and of what follows, with the log's append
// running beside it and without; the lag from durable to visible; the processor time (with making and appending the
// crowd since the line before) and the memory held.
#include "customer/intake.h"

#include "demo/crowd.h"
#include "object/record.h"
#include "testing/folder.h"
#include "timeline/timeline.h"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <sys/resource.h>

namespace onefold {
namespace {

using Seconds = std::chrono::duration<double>;
using Steady = std::chrono::steady_clock;

class Rooms {
  public:
    explicit Rooms(const std::string& folder)
        : folder_(folder),
          keys_(std::move(*access::Keys::open(outside_, folder))),
          database_(std::move(*store::Database::open(folder + "/main.db",
              {change::schema(), company::schema(), source::schema(), object::schema(), identity::schema(),
                  timeline::schema(), survivorship::schema(), customer::schema()}))),
          log_(std::move(*event_log::EventLog::open(outside_, folder + "/log"))),
          sources_(*database_, *keys_, outside_) {
        VERIFY(sources_.load());
        Caller caller;
        caller.principal = {Principal::Kind::local, 0, Role::admin};
        source_ = sources_.create(caller, {"web", source::Kind::tracker, "", "", ""})->source.id;
    }
    ~Rooms() { stop(); }

    void start() {
        timeline_ = std::move(*timeline::Timeline::open(outside_, folder_ + "/timeline",
            {*timeline::get_origin(*database_, *random_), [this] { return log_->begin(); }}));
        customers_ = std::make_unique<customer::Customers>(*database_, *keys_, outside_, sources_, *log_, *timeline_);
        intake_ = std::make_unique<customer::Intake>(*database_, *log_, sources_, *customers_, *timeline_, *clock_);
        VERIFY(intake_->start());
    }
    void stop() {
        intake_.reset();
        if (timeline_)
            timeline_->stop();
        customers_.reset();
        timeline_.reset();
    }

    void append(const demo::Crowd& crowd, std::uint64_t from, std::uint64_t to) {
        while (from < to) {
            std::vector<event_log::Draft> drafts;
            for (; from < to && drafts.size() < 1000; ++from) {
                auto message = crowd.message(from);
                drafts.push_back(
                    {source_, std::move(message.message_id), event_log::FrameKind::event, std::move(message.payload)});
            }
            VERIFY(log_->append_and_wait(std::move(drafts)));
        }
    }
    double take_up() {
        const auto began = Steady::now();
        while (!intake_->wait_until_visible(log_->end(), std::chrono::seconds{1}))
            VERIFY(!intake_->trouble());
        return Seconds(Steady::now() - began).count();
    }

  private:
    const std::string folder_;
    std::unique_ptr<runtime::Clock> clock_ = runtime::make_system_clock();
    std::unique_ptr<runtime::Random> random_ = runtime::make_system_random();
    std::unique_ptr<runtime::Files> files_ = runtime::make_system_files();
    std::unique_ptr<runtime::Network> network_ = runtime::make_system_network();
    runtime::Outside outside_{*clock_, *random_, *files_, *network_};
    std::unique_ptr<access::Keys> keys_;
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<event_log::EventLog> log_;
    source::Sources sources_;
    SourceId source_;
    std::unique_ptr<timeline::Timeline> timeline_;
    std::unique_ptr<customer::Customers> customers_;
    std::unique_ptr<customer::Intake> intake_;
};

double resident_mb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:"))
            return std::atof(line.c_str() + 6) / 1024;
    return 0;
}

// User and system time of all threads.
double processor_us() {
    rusage used;
    getrusage(RUSAGE_SELF, &used);
    return 1e6 * double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           double(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

void tell(std::string_view what, std::uint64_t events, double seconds) {
    static double told_before = 0;
    const double used = processor_us() - told_before;
    told_before += used;
    fmt::print("{:<62}{:>10.0f} events/s {:>6.1f} us of processor time each   {:>6.0f} MB resident\n", what,
        double(events) / seconds, used / double(events), resident_mb());
    std::fflush(stdout);
}

void run(std::uint64_t customers, std::uint64_t events) {
    const testing::Folder folder;
    Rooms rooms(folder.path());
    const demo::Crowd crowd({.customers = customers, .events = customers + events * 2, .seed = 1});
    fmt::print("{} customers, {} events each time\n", customers, events);

    rooms.append(crowd, 0, customers);
    rooms.start();
    tell("introduction, everybody is new", customers, rooms.take_up());

    rooms.stop();
    rooms.append(crowd, customers, customers + events);
    auto began = Steady::now();
    rooms.start();
    fmt::print("{:<62}{:>10.2f} s\n", "start of the reader", Seconds(Steady::now() - began).count());
    tell("what they do, from the log alone", events, rooms.take_up());

    began = Steady::now();
    rooms.append(crowd, customers + events, customers + 2 * events);
    const double appending = Seconds(Steady::now() - began).count();
    const double behind = rooms.take_up();
    tell("what they do, while it is appended", events, appending + behind);
    fmt::print("{:<62}{:>10.2f} s\n", "visible after the last of them was durable", behind);
}

} // namespace
} // namespace onefold

int main(int count, char** words) {
    onefold::run(count > 1 ? std::strtoull(words[1], nullptr, 10) : 100'000,
        count > 2 ? std::strtoull(words[2], nullptr, 10) : 500'000);
}
