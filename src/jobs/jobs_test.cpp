#include "jobs/jobs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "base/run_loop.h"
#include "json/canonical.h"
#include "query/sort.h"
#include "storage/delayed_engine.h"
#include "storage/memory/memory_engine.h"

namespace credvault::jobs {
namespace {

class JobsTest : public testing::Test {
protected:
    /// A server's life: the types that tests use, then open.
    std::unique_ptr<Jobs> server(JobSettings settings = {}) {
        auto jobs = std::make_unique<Jobs>(delayed, settings);
        jobs->add({"count", "steps", true, [this](JobRun& run) { return count(run); },
                   [this](json::View parameters) { discarded.push_back(std::string(parameters.text())); }});
        jobs->add({"once", "steps", false, [this](JobRun& run) { return count(run); }});
        jobs->add({"fails", "steps", false, [](JobRun& run) -> Result<std::string> {
                       run.report({3, 7}, R"({"so_far":3})");
                       return Error(ErrorCode::INVALID_RECORD, "Line 4 is wrong", "4");
                   }});
        EXPECT_TRUE(loop.wait(jobs->open()).ok());
        return jobs;
    }
    /// Counts from its checkpoint to 10; at 5 it waits for the gate where that is shut.
    Result<std::string> count(JobRun& run) {
        std::int64_t at = run.checkpoint().is_null() ? 0 : run.checkpoint().find("at")->as_int();
        started_at = at;
        for (; at < 10; ++at) {
            if (at == 5) reached = true;
            while (at == 5 && shut && !run.stop_asked()) std::this_thread::yield();
            if (run.stop_asked()) return Error(ErrorCode::INTERNAL);
            const std::string next = std::to_string(at + 1);
            TRY_VOID(run.save("{\"at\":" + next + "}", {std::uint64_t(at + 1), 10}, "{\"at\":" + next + "}"));
        }
        return "{\"counted\":10,\"by\":\"" + run.actor() + "\"}";
    }
    std::string start(Jobs& jobs, std::string type, std::string parameters = "{}") {
        JobRequest request;
        request.type = std::move(type);
        request.workspace = "ws_1";
        request.actor = "key_1";
        request.target = "shop/users";
        request.parameters = std::move(parameters);
        const auto started = loop.wait(jobs.start(std::move(request), {}));
        EXPECT_TRUE(started.ok());
        return started->id;
    }
    json::Value get(Jobs& jobs, const std::string& id) {
        const auto text = loop.wait(jobs.get("ws_1", id));
        EXPECT_TRUE(text.ok());
        return json::Value(json::View(*text));
    }
    json::Value ended(Jobs& jobs, const std::string& id) {
        while (true) {
            json::Value job = get(jobs, id);
            if (job.find("finished_at") != nullptr) return job;
        }
    }
    void wait_until_reached() {
        while (!reached) std::this_thread::yield();
    }
    static std::string state(const json::Value& job) { return job.find("state")->as_string(); }

    RunLoop loop;
    storage::MemoryEngine memory;
    storage::DelayedEngine delayed{memory};
    std::atomic<bool> shut = false;
    std::atomic<bool> reached = false;
    std::atomic<std::int64_t> started_at = -1;
    std::vector<std::string> discarded;
};

TEST_F(JobsTest, RunAndTellWhatTheyDid) {
    const auto jobs = server();
    const std::string id = start(*jobs, "count", R"({"file":"x"})");
    EXPECT_EQ(id.substr(0, 4), "job_");
    const json::Value job = ended(*jobs, id);
    EXPECT_EQ(state(job), "succeeded");
    EXPECT_EQ(job.find("id")->as_string(), id);
    EXPECT_EQ(job.find("type")->as_string(), "count");
    EXPECT_EQ(job.find("target")->as_string(), "shop/users");
    EXPECT_EQ(job.find("created_by")->as_string(), "key_1");
    EXPECT_EQ(job.find("progress")->text(), R"({"done":10,"total":10,"unit":"steps"})");
    EXPECT_EQ(job.find("result")->text(), R"({"counted":10,"by":"key_1"})");
    EXPECT_NE(job.find("created_at"), nullptr);
    EXPECT_NE(job.find("started_at"), nullptr);
    EXPECT_EQ(job.find("workspace"), nullptr);
    EXPECT_EQ(job.find("_version"), nullptr);
    jobs->stop();
    EXPECT_EQ(discarded, std::vector<std::string>{R"({"file":"x"})"});
}

TEST_F(JobsTest, ThatFailKeepTheErrorAndWhatTheyDid) {
    const auto jobs = server();
    const json::Value job = ended(*jobs, start(*jobs, "fails"));
    EXPECT_EQ(state(job), "failed");
    EXPECT_EQ(job.find("error")->text(),
              R"({"code":"INVALID_RECORD","message":"Line 4 is wrong","field":"4"})");
    EXPECT_EQ(job.find("result")->text(), R"({"so_far":3})");
}

TEST_F(JobsTest, AreCancelledWhileTheyRun) {
    shut = true;
    const auto jobs = server();
    const std::string id = start(*jobs, "count");
    wait_until_reached();
    const auto told = loop.wait(jobs->cancel("ws_1", id));
    ASSERT_TRUE(told.ok());
    EXPECT_NE(told->find(R"("cancel_requested":true)"), std::string::npos);
    const json::Value job = ended(*jobs, id);
    EXPECT_EQ(state(job), "cancelled");
    EXPECT_EQ(job.find("result")->text(), R"({"at":5})");
}

TEST_F(JobsTest, AreCancelledWhileTheyWait) {
    shut = true;
    const auto jobs = server({.threads = 1});
    const std::string first = start(*jobs, "count");
    wait_until_reached();
    const std::string second = start(*jobs, "count");
    const JobCounts counts = jobs->counts();
    EXPECT_EQ(counts.running, 1u);
    EXPECT_EQ(counts.queued, 1u);
    const auto told = loop.wait(jobs->cancel("ws_1", second));
    ASSERT_TRUE(told.ok());
    EXPECT_NE(told->find(R"("state":"cancelled")"), std::string::npos);
    shut = false;
    EXPECT_EQ(state(ended(*jobs, first)), "succeeded");
    EXPECT_EQ(get(*jobs, second).find("started_at"), nullptr);
}

TEST_F(JobsTest, ThatWatchAreToldOfACancellationThoughTheyWait) {
    Jobs jobs(delayed, {.threads = 1});
    std::atomic<int> told = 0;
    JobType type;
    type.name = "watch";
    type.unit = "steps";
    type.watches = true;
    type.run = [&](JobRun& run) -> Result<std::string> {
        while (shut && !run.stop_asked()) std::this_thread::yield();
        if (!run.cancelled()) return std::string("{}");
        ++told;
        return Error(ErrorCode::SHUTTING_DOWN);
    };
    jobs.add(std::move(type));
    shut = true;
    ASSERT_TRUE(loop.wait(jobs.open()).ok());
    std::vector<std::string> ids;
    for (int i = 0; i < 4; ++i) ids.push_back(start(jobs, "watch"));
    for (const std::string& id : ids) EXPECT_TRUE(loop.wait(jobs.cancel("ws_1", id)).ok());
    for (const std::string& id : ids) EXPECT_EQ(state(ended(jobs, id)), "cancelled");
    EXPECT_EQ(told, 4);
}

TEST_F(JobsTest, ThatHaveEndedStayAsTheyAre) {
    const auto jobs = server();
    const std::string id = start(*jobs, "fails");
    const std::string before = ended(*jobs, id).text();
    const auto told = loop.wait(jobs->cancel("ws_1", id));
    ASSERT_TRUE(told.ok());
    EXPECT_EQ(*told, before);
}

TEST_F(JobsTest, GoOnFromTheirCheckpointAfterAStop) {
    shut = true;
    auto jobs = server();
    const std::string id = start(*jobs, "count");
    wait_until_reached();
    jobs.reset();
    shut = false;
    jobs = server();
    const json::Value job = ended(*jobs, id);
    EXPECT_EQ(state(job), "succeeded");
    EXPECT_EQ(started_at, 5);
}

TEST_F(JobsTest, FailAfterAStopWhereTheyCanNotGoOn) {
    shut = true;
    auto jobs = server();
    const std::string id = start(*jobs, "once");
    wait_until_reached();
    jobs.reset();
    jobs = server();
    const json::Value job = ended(*jobs, id);
    EXPECT_EQ(state(job), "failed");
    EXPECT_EQ(job.find("error")->find("code")->as_string(), "SHUTTING_DOWN");
    EXPECT_EQ(job.find("result")->text(), R"({"at":5})");
}

TEST_F(JobsTest, ThatWaitedRunAfterAStop) {
    shut = true;
    auto jobs = server({.threads = 1});
    start(*jobs, "count");
    wait_until_reached();
    const std::string second = start(*jobs, "once");
    jobs.reset();
    shut = false;
    jobs = server();
    EXPECT_EQ(state(ended(*jobs, second)), "succeeded");
}

TEST_F(JobsTest, OfACrashAreCancelledAtTheNextStartIfThatWasAsked) {
    // As a crash leaves it: running, and the wish to end it written.
    auto jobs = server();
    jobs.reset();
    storage::WriteBatch batch;
    batch.database = "system";
    batch.operations.push_back(storage::InsertRecord{
        "jobs",
        R"({"id":"job_a","type":"count","state":"running","progress":{"done":1,"unit":"steps"},"cancel_requested":true,"created_by":"k","workspace":"ws_1"})"});
    batch.operations.push_back(storage::InsertRecord{"job_parameters", R"({"id":"job_a","value":{}})"});
    batch.operations.push_back(storage::InsertRecord{"job_checkpoints", R"({"id":"job_a","value":null})"});
    ASSERT_TRUE(loop.wait(memory.write(batch)).ok());
    jobs = server();
    EXPECT_EQ(state(get(*jobs, "job_a")), "cancelled");
    EXPECT_EQ(started_at, -1);
}

TEST_F(JobsTest, AreListedForTheirWorkspaceOnly) {
    const auto jobs = server();
    const std::string id = start(*jobs, "fails");
    ended(*jobs, id);
    storage::ListQuery query;
    query.filter = R"({"state":"failed"})";
    const auto mine = loop.wait(jobs->list("ws_1", query));
    ASSERT_TRUE(mine.ok());
    EXPECT_NE(mine->rows.find(id), std::string::npos);
    EXPECT_EQ(mine->rows.find("ws_1"), std::string::npos);
    const auto others = loop.wait(jobs->list("ws_2", query));
    ASSERT_TRUE(others.ok());
    EXPECT_EQ(others->rows, "[]");
    EXPECT_EQ(loop.wait(jobs->get("ws_2", id)).error().code, ErrorCode::JOB_NOT_FOUND);
    EXPECT_EQ(loop.wait(jobs->cancel("ws_2", id)).error().code, ErrorCode::JOB_NOT_FOUND);
}

TEST_F(JobsTest, AreRefusedBeyondTheBound) {
    shut = true;
    const auto jobs = server({.threads = 1, .max_queued = 1});
    start(*jobs, "count");
    wait_until_reached();
    start(*jobs, "count");
    JobRequest third;
    third.type = "count";
    third.workspace = "ws_1";
    EXPECT_EQ(loop.wait(jobs->start(third, {})).error().code, ErrorCode::OVERLOADED);
}

TEST_F(JobsTest, OfARepeatedKeyAreStartedOnce) {
    const auto jobs = server();
    const auto keyed = [&] {
        JobRequest request;
        request.type = "count";
        request.workspace = "ws_1";
        storage::Idempotency once{"key", "same", INT64_MAX, [](const storage::WriteOutcome& outcome) {
                                      return outcome.operations.front().id;
                                  }};
        return loop.wait(jobs->start(request, once));
    };
    const auto first = keyed();
    const auto second = keyed();
    ASSERT_TRUE(first.ok() && second.ok());
    EXPECT_FALSE(first->replayed);
    EXPECT_TRUE(second->replayed);
    EXPECT_EQ(second->answer, first->id);
}

TEST_F(JobsTest, AreCountedByTypeWhenTheyHaveEnded) {
    const auto jobs = server();
    ended(*jobs, start(*jobs, "fails"));
    ended(*jobs, start(*jobs, "count"));
    jobs->stop();
    const std::vector<EndedJobs> all = jobs->ended();
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].type, "count");
    EXPECT_EQ(all[0].succeeded, 1u);
    EXPECT_EQ(all[1].type, "fails");
    EXPECT_EQ(all[1].failed, 1u);
    EXPECT_EQ(all[2].succeeded + all[2].failed + all[2].cancelled, 0u);
}

TEST_F(JobsTest, MayBeNamedBeforeTheyAreStarted) {
    const auto jobs = server();
    JobRequest request;
    request.id = jobs->new_id();
    request.type = "count";
    request.workspace = "ws_1";
    const auto started = loop.wait(jobs->start(request, {}));
    ASSERT_TRUE(started.ok());
    EXPECT_EQ(started->id, request.id);
    ended(*jobs, request.id);
    EXPECT_EQ(loop.wait(jobs->start(request, {})).error().code, ErrorCode::ALREADY_EXISTS);
}

TEST_F(JobsTest, ThatEndedLongAgoAreRemoved) {
    const auto jobs = server({.keep_ms = 1});
    const std::string id = start(*jobs, "fails");
    while (loop.wait(jobs->get("ws_1", id)).ok()) std::this_thread::yield();
    EXPECT_EQ(loop.wait(jobs->get("ws_1", id)).error().code, ErrorCode::JOB_NOT_FOUND);
}

}  // namespace
}  // namespace credvault::jobs
