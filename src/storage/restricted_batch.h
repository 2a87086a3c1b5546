// A write as a restricted credential makes it, said in what the engine below understands, and its outcome said back.
// Internal to RestrictedEngine. Belongs to one call; holds what the translated batch points into, and points into the
// original one.
#pragma once

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/narrowing.h"
#include "storage/write.h"

namespace credvault::storage {

class RestrictedBatch {
public:
    RestrictedBatch(std::string_view database, const Narrowing& narrowing, const WriteBatch& batch);

    /// Fails with FORBIDDEN where the batch is about collections that are not allowed, or changes one whose records are
    /// narrowed.
    Status translate();
    const WriteBatch& stored() const { return stored_; }
    WriteOutcome shown(WriteOutcome outcome) const;
    Error discreet(Error error) const;

private:
    /// What is known of an operation for its outcome.
    struct Told {
        const RecordNarrowing* narrowing = nullptr;
        std::string_view id;
        bool not_found = false;  ///< A precondition that fails means that the record is not there.
    };

    Status operator()(const InsertRecord& operation);
    Status operator()(const PutRecord& operation);
    Status operator()(const ModifyRecord& operation);
    Status operator()(const RemoveRecord& operation);
    Status operator()(const ModifyMatches& operation);
    Status operator()(const RemoveMatches& operation);
    Status operator()(const CheckRecord& operation);
    Status operator()(const CheckMatches& operation);
    Status operator()(const CreateCollection& operation);
    Status operator()(const AlterCollection& operation);
    Status operator()(const DropCollection& operation);
    Status operator()(const PublishCollection& operation);
    Status operator()(const CreateIndex& operation);
    Status operator()(const DropIndex& operation);
    friend struct BatchVisitor;

    template <class Matches>
    Status matches(Matches operation);
    Status definition(std::string_view collection);
    Status of_collection(std::string_view collection);
    const query::Filter* keep(query::Filter filter);
    const RecordChange* keep(std::unique_ptr<RecordChange> change);
    const RecordChange* narrowed(const RecordChange& change);
    /// The record must exist for the credential, too.
    void narrow(Precondition& condition, bool must_exist);
    void narrow(Guard& guard);
    void refuse(std::string_view collection, Error error);
    void put_or_create(const PutRecord& operation);
    Error told(Error error, std::size_t position) const;
    void strip(OperationOutcome& outcome, const Told& told) const;

    const Narrowing& narrowing_;
    const WriteBatch& batch_;
    WriteBatch stored_;
    std::vector<Told> told_;
    std::set<std::string, std::less<>> created_;  ///< Collections that the batch makes.
    std::deque<query::Filter> filters_;
    std::vector<std::unique_ptr<RecordChange>> changes_;
};

}  // namespace credvault::storage
