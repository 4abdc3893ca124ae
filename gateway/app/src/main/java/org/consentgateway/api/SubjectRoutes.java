package org.consentgateway.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.SubjectPart;
import org.consentgateway.ledger.SubjectParts;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.entry.PseudonymousSubject;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.OperatorRequests;
import org.consentgateway.proof.OperatorRequests.Taken;

/**
 * Thread-safe. Callers by what other systems call them: a customer number, an id of the CRM. A tie
 * is an entry of the log under the caller's pseudonym, so it is told in an access and goes with an
 * erasure; the newest counts.
 */
final class SubjectRoutes {
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9._:@-]{1,64}");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** A customer who has not called since is tied anew with the next call. */
    private static final Period KEPT = Period.ofYears(3);

    /** One that is put again later is written anew, else it would end while the customer calls. */
    private static final Period FRESH = Period.ofYears(1);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Entries of one caller in one answer. */
    private static final int MOST_EXPORTED = 1_000;

    private final Ledger ledger;
    private final OperatorRequests requests;
    private final ConsentRoutes consents;

    SubjectRoutes(Ledger ledger, OperatorRequests requests, ConsentRoutes consents) {
        this.ledger = ledger;
        this.requests = requests;
        this.consents = consents;
    }

    List<ApiRoute> all() {
        return List.of(
                ApiRoute.put("/v1/subjects/{reference}", ApiScope.SUBJECTS_WRITE, this::tie),
                ApiRoute.get(
                        "/v1/subjects/{reference}/consents",
                        ApiScope.CONSENTS_READ,
                        request -> consents.of(subject(request), request)),
                ApiRoute.get(
                        "/v1/subjects/{reference}/export", ApiScope.SUBJECTS_EXPORT, this::export),
                ApiRoute.post(
                        "/v1/subjects/{reference}/requests", ApiScope.REQUESTS_WRITE, this::open));
    }

    static String reference(ApiRequest request) {
        String reference = request.text("reference");
        if (!REFERENCE.matcher(reference).matches()) {
            throw ApiProblem.of(
                    ApiProblem.Kind.NOT_FOUND,
                    "a reference is 1 to 64 of letters, digits and . _ : @ -");
        }
        return reference;
    }

    private ApiAnswer tie(ApiRequest request) throws LedgerUnavailable {
        String reference = reference(request);
        ApiBody body = request.body();
        String number = body.optional("number", Pseudonyms.E164, ApiBody.NUMBER_IN_WORDS);
        String consent =
                body.optional("consent_id", ID, "the id of a consent, from a call or its token");
        if (body.has("number") == body.has("consent_id")) {
            body.wrong("number", "either number or consent_id is needed");
        }
        body.done();
        if (number != null) {
            // The tie leads from the number to its consents.
            request.require(ApiScope.CONSENTS_BY_NUMBER);
        }
        PseudonymousSubject subject =
                number != null
                        ? ledger.pseudonyms().subject(number)
                        : ofConsent(UUID.fromString(String.valueOf(consent)));
        Optional<Entry> tied = tied(reference, subject);
        if (tied.isEmpty() || !isFresh(tied.get(), request.at())) {
            write(reference, tied.map(SubjectRoutes::subject).orElse(subject), request);
        }
        return ApiAnswer.done(List.of());
    }

    /**
     * The newest tie where it says as much already. A consent names what its caller is called under
     * one key alone: a tie in its place would lose the others, which only a number brings back.
     */
    private Optional<Entry> tied(String reference, PseudonymousSubject subject)
            throws LedgerUnavailable {
        return newest(reference)
                .filter(tie -> subject(tie).pseudonyms().containsAll(subject.pseudonyms()));
    }

    private static boolean isFresh(Entry tie, Instant now) {
        return tie.time().atZone(ZoneOffset.UTC).plus(FRESH).toInstant().isAfter(now);
    }

    private PseudonymousSubject ofConsent(UUID consent) throws LedgerUnavailable {
        return ledger.reader()
                .entry(consent)
                .filter(ConsentJson::isConsent)
                .filter(SubjectRoutes::isOfKnownCaller)
                .map(SubjectRoutes::pseudonym)
                .filter(text -> !text.isEmpty())
                .map(text -> new PseudonymousSubject(List.of(text)))
                .orElseThrow(() ->
                        ApiProblem.of(
                                ApiProblem.Kind.CONFLICT,
                                "no consent of a caller who is known has this id"));
    }

    /**
     * Who only claims a number, or writes it into a form, need not be the person who has it, and
     * would be given that person's records.
     */
    private static boolean isOfKnownCaller(Entry consent) {
        return consent.type() != EntryType.IMPORTED && !consent.isOfClaimedNumber();
    }

    private void write(String reference, PseudonymousSubject subject, ApiRequest request)
            throws LedgerUnavailable {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("event_state", EntryType.SUBJECT_REFERENCED.text());
        payload.put("event_time", Header.time(request.at()));
        ObjectNode tie = payload.putObject("reference").put("text", reference);
        // Under earlier keys as well: a number cannot be asked for again.
        subject.pseudonyms().forEach(tie.putArray("pseudonyms")::add);
        payload.put("refers_to", ledger.pseudonyms().reference(reference).getFirst().toString());
        payload.put("by", request.principal().name());
        payload.putObject("retention")
                .put("basis", "customer")
                .put(
                        "delete_at",
                        Header.time(request.at().atZone(ZoneOffset.UTC).plus(KEPT).toInstant()));
        NewEntry entry =
                NewEntry.of(
                        EntryType.SUBJECT_REFERENCED,
                        null,
                        subject.current(),
                        payload,
                        request.at());
        ledger.append(entry, PATIENCE);
    }

    private Optional<Entry> newest(String reference) throws LedgerUnavailable {
        return ledger.reader().ofReference(ledger.pseudonyms().reference(reference)).stream()
                .filter(entry -> !pseudonym(entry).isEmpty())
                .findFirst();
    }

    private static String pseudonym(Entry entry) {
        ObjectNode payload = entry.payload();
        return payload == null ? "" : payload.at("/subject/pseudonym").asText();
    }

    private static PseudonymousSubject subject(Entry tie) {
        List<String> all = new ArrayList<>();
        ObjectNode payload = tie.payload();
        if (payload != null) {
            payload.at("/reference/pseudonyms").forEach(each -> all.add(each.asText()));
        }
        return new PseudonymousSubject(all);
    }

    private PseudonymousSubject subject(ApiRequest request) throws LedgerUnavailable {
        return newest(reference(request))
                .map(SubjectRoutes::subject)
                .orElseThrow(() ->
                        ApiProblem.of(
                                ApiProblem.Kind.NOT_FOUND, "no caller is tied to this reference"));
    }

    /** All of it, or the newest and where the rest is: of a switchboard there is very much. */
    private ApiAnswer export(ApiRequest request) throws LedgerUnavailable {
        int limit = request.limit(MOST_EXPORTED, MOST_EXPORTED);
        SubjectPart part = part(request, limit);
        List<UUID> consents =
                part.entries().stream().filter(ConsentJson::isConsent).map(Entry::id).toList();
        ObjectNode json = part.json();
        part.next().ifPresent(next -> json.put("next_cursor", next));
        ApiAnswer answer = ApiAnswer.personal(json, consents);
        return part.next()
                .map(next ->
                        answer.withNext(
                                "/v1/subjects/%s/export?limit=%d&cursor=%s"
                                        .formatted(reference(request), limit, next)))
                .orElse(answer);
    }

    private SubjectPart part(ApiRequest request, int limit) throws LedgerUnavailable {
        var parts = new SubjectParts(ledger.reader(), ledger.pseudonyms(), subject(request), null);
        Optional<String> cursor = request.query("cursor");
        try {
            return cursor.isPresent()
                    ? parts.next(cursor.get(), request.at(), limit)
                    : parts.first(request.at(), limit);
        } catch (IllegalArgumentException e) {
            throw ApiRequest.wrongCursor();
        }
    }

    private ApiAnswer open(ApiRequest request) throws LedgerUnavailable {
        ApiBody body = request.body();
        String kind = body.among("kind", OperatorRequests.kinds());
        String channel = body.among("channel", OperatorRequests.channels());
        String by = body.by();
        body.done();
        Taken taken = requests.open(kind, channel, by, subject(request), request.at());
        return RequestTaken.answer(taken, by);
    }
}
