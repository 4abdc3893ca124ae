package org.consentgateway.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.number.DecidingEntries;
import org.consentgateway.ledger.number.Decisive;
import org.consentgateway.ledger.number.FoundEntries;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.proof.OperatorWithdrawals;

/** Thread-safe. Consents: by id, by number; to end one; to prove one. */
final class ConsentRoutes {
    private static final List<String> FORMATS = List.of("json", "html");
    private static final List<String> LANGUAGES = List.of("de", "en");

    /** Of one caller in one answer: a call centre agrees in each call. */
    private static final int MOST = 200;

    /** Older ones that are told with the newest because they are in force. */
    private static final Decisive.Most IN_FORCE = new Decisive.Most(0, MOST, 50_000, 1_000);

    /** A store that answers takes milliseconds. */
    private static final Duration CHECKED_WITHIN = Duration.ofSeconds(1);

    private final LogReader reader;
    private final Pseudonyms pseudonyms;
    private final OperatorWithdrawals withdrawals;
    private final ApiArchive archive;

    ConsentRoutes(
            LogReader reader,
            Pseudonyms pseudonyms,
            OperatorWithdrawals withdrawals,
            ApiArchive archive) {
        this.reader = reader;
        this.pseudonyms = pseudonyms;
        this.withdrawals = withdrawals;
        this.archive = archive;
    }

    List<ApiRoute> all() {
        return List.of(
                ApiRoute.get("/v1/consents/{id}", ApiScope.CONSENTS_READ, this::one),
                ApiRoute.get("/v1/consents/{id}/receipt", ApiScope.CONSENTS_READ, this::receipt),
                ApiRoute.search("/v1/consents/search", ApiScope.CONSENTS_BY_NUMBER, this::search),
                ApiRoute.post(
                        "/v1/consents/{id}/withdrawal",
                        ApiScope.CONSENTS_WITHDRAW,
                        this::withdraw));
    }

    private ApiAnswer one(ApiRequest request) throws LedgerUnavailable {
        UUID id = request.id("id");
        return ApiAnswer.personal(json(consent(id), request.latest()), List.of(id));
    }

    private Entry consent(UUID id) throws LedgerUnavailable {
        Entry entry =
                reader.entry(id)
                        .filter(ConsentJson::isConsent)
                        .orElseThrow(() ->
                                ApiProblem.of(ApiProblem.Kind.NOT_FOUND, "no consent has this id"));
        if (entry.payload() == null) {
            throw ApiProblem.of(ApiProblem.Kind.GONE, "the content of this consent was erased");
        }
        return entry;
    }

    private ObjectNode json(Entry consent, Instant now) throws LedgerUnavailable {
        return ConsentJson.of(consent, AboutEntries.of(reader, consent.id()), now);
    }

    private ApiAnswer receipt(ApiRequest request) throws LedgerUnavailable {
        UUID id = request.id("id");
        String format = among(request, "format", FORMATS).orElse("json");
        Optional<String> language = among(request, "language", LANGUAGES);
        Entry _ = consent(id);
        Receipt receipt = ApiArchive.ask(() -> archive.open().receipt(id));
        return format.equals("json")
                ? ApiAnswer.personal(receipt.json(), List.of(id))
                : ApiAnswer.page(receipt.page(language.orElse(receipt.language())), List.of(id));
    }

    private static Optional<String> among(ApiRequest request, String name, List<String> words) {
        Optional<String> asked = request.query(name);
        if (asked.isPresent() && !words.contains(asked.get())) {
            throw ApiProblem.of(
                    ApiProblem.Kind.MALFORMED, name + " is " + String.join(" or ", words));
        }
        return asked;
    }

    private ApiAnswer search(ApiRequest request) throws LedgerUnavailable {
        ApiBody body = request.body();
        String number = body.required("number", Pseudonyms.E164, ApiBody.NUMBER_IN_WORDS);
        body.done();
        return of(pseudonyms.subject(number), request);
    }

    /**
     * Of one caller, the newest first: as many as are wanted, and with the first page all that are
     * in force.
     */
    ApiAnswer of(PseudonymousSubject subject, ApiRequest request) throws LedgerUnavailable {
        int limit = request.limit(MOST, MOST);
        FoundEntries found = FoundEntries.consents(reader, subject);
        int from = request.behind().map(found::countUpTo).orElse(0);
        int to = Math.min(found.size(), from + limit);
        List<Entry> given = new ArrayList<>(found.page(from, limit));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode all = json.putArray("consents");
        if (to < found.size()) {
            if (from == 0) {
                json.put("all_in_force", addInForce(subject, request.at(), given));
            }
            json.put("consents_in_all", found.size());
            json.put("next_cursor", found.behind(to).text());
        }
        given.removeIf(entry -> entry.payload() == null);
        List<UUID> ids = given.stream().map(Entry::id).toList();
        Map<UUID, List<Entry>> about = AboutEntries.of(reader, ids);
        for (Entry each : given) {
            all.add(
                    ConsentJson.of(
                            each, about.getOrDefault(each.id(), List.of()), request.latest()));
        }
        return ApiAnswer.personal(json, ids);
    }

    /**
     * What there is to be withdrawn, however old it is; as {@link
     * org.consentgateway.consent.journal.ConsentJournal#standing} has it, also what has ended by
     * the latest time that it may be.
     *
     * @param now what has not ended by then
     * @return whether that is all there is
     */
    private boolean addInForce(PseudonymousSubject subject, Instant now, List<Entry> to)
            throws LedgerUnavailable {
        Set<UUID> there = to.stream().map(Entry::id).collect(Collectors.toSet());
        Decisive inForce = DecidingEntries.ofAll(reader, subject, now, IN_FORCE);
        inForce.entries().stream()
                .filter(ConsentJson::isConsent)
                .filter(entry -> !there.contains(entry.id()))
                .forEach(to::add);
        return inForce.complete();
    }

    static ApiProblem onNoDisk() {
        return again(
                "it has ended here, but neither the store nor this machine's disk"
                        + " takes the record");
    }

    /** What is asked for has begun and is not recorded, or not all of it. */
    private static ApiProblem again(String what) {
        return ApiProblem.of(
                ApiProblem.Kind.UNAVAILABLE,
                what + ": send it again until the answer is 2xx",
                Map.of("Retry-After", "5"));
    }

    /** Who asks has to know that nothing of it is on any disk: a restart forgets it. */
    private OperatorWithdrawals.Result cutAndRecorded(UUID id, Instant now) {
        try {
            return withdrawals.withdraw(id, now);
        } catch (LedgerUnavailable e) {
            throw again(
                    "calls under it are cut off here, but the log cannot be read now, and nothing"
                            + " of the withdrawal is recorded");
        }
    }

    private static ApiAnswer withdrawn(UUID id, UUID record, boolean stored, boolean readable) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("consent_id", id.toString()).put("record_id", record.toString());
        json.put("recorded", stored);
        if (!readable) {
            json.put("all_ended", false);
        }
        return ApiAnswer.personal(json, List.of(id));
    }

    /** Sent again, it goes on with those that are left. */
    private static ApiProblem unfinished(UUID record, int others, int left) {
        return again(
                "it has ended by %s and %d others of this caller with it, but up to %s could not be"
                                .formatted(
                                        record, others, left == 0 ? "some" : String.valueOf(left))
                        + " read or recorded");
    }

    /**
     * What there is of a consent, for a precondition. One that cannot be checked may not stop a
     * withdrawal, nor keep a call waiting that it cuts: then there is none. What this node has cut
     * for that reason has changed by the cut itself, so it is not checked again.
     *
     * @return none where the store does not answer, or nobody can read it
     */
    private Optional<ObjectNode> soon(UUID id, Instant now) {
        var reading =
                new FutureTask<>(() -> {
                    Optional<Entry> consent =
                            reader.entry(id)
                                    .filter(ConsentJson::isConsent)
                                    .filter(entry -> entry.payload() != null);
                    return consent.isPresent()
                            ? Optional.of(json(consent.get(), now))
                            : Optional.<ObjectNode>empty();
                });
        Thread.ofVirtual().name("if-match").start(reading);
        try {
            return reading.get(CHECKED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private ApiAnswer withdraw(ApiRequest request) throws LedgerUnavailable {
        UUID id = request.id("id");
        ApiBody body = request.body();
        String by = body.by();
        body.done();
        if (request.header("If-Match") != null && !withdrawals.isUnrecorded(id)) {
            soon(id, request.latest()).ifPresent(now -> ApiGuard.requireMatch(request, now));
        }
        return switch (cutAndRecorded(id, request.at())) {
            case OperatorWithdrawals.Result.Done(UUID record, boolean stored, boolean readable) -> {
                ApiAnswer answer = withdrawn(id, record, stored, readable).by(by);
                yield stored ? answer.with(201) : answer.kept();
            }
            case OperatorWithdrawals.Result.OnNoDisk() -> throw onNoDisk();
            case OperatorWithdrawals.Result.Unfinished(UUID record, int others, int left) ->
                    throw unfinished(record, others, left);
            case OperatorWithdrawals.Result.WithdrawnBefore(UUID record, boolean readable) ->
                    withdrawn(id, record, true, readable).by(by);
            case OperatorWithdrawals.Result.Ended(String how, UUID record) ->
                    throw ApiProblem.of(
                            ApiProblem.Kind.CONFLICT, "it has %s by %s".formatted(how, record));
            case OperatorWithdrawals.Result.Unknown() ->
                    throw ApiProblem.of(ApiProblem.Kind.NOT_FOUND, "no consent has this id");
        };
    }
}
