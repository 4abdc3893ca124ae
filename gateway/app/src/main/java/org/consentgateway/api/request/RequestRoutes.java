package org.consentgateway.api.request;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.consentgateway.api.ApiAnswer;
import org.consentgateway.api.ApiArchive;
import org.consentgateway.api.ApiBody;
import org.consentgateway.api.ApiProblem;
import org.consentgateway.api.ApiRequest;
import org.consentgateway.api.ApiRoute;
import org.consentgateway.api.RequestTaken;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.consent.request.AnswerDeadline;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.OperatorRequests;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.desk.NamesNobody;
import org.consentgateway.proof.desk.OperatorAnswers;
import org.consentgateway.proof.desk.SeenRequest;
import org.jspecify.annotations.Nullable;

/** Thread-safe. Who wants access or erasure, by when it is due, and what a person answers. */
public final class RequestRoutes {
    private static final Pattern WORDS = Pattern.compile("(?=.*\\p{L})[^\\p{Cntrl}]{3,500}");
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private final OperatorRequests taking;
    private final OperatorAnswers answering;
    private final Pseudonyms pseudonyms;

    public RequestRoutes(
            OperatorRequests taking, OperatorAnswers answering, Pseudonyms pseudonyms) {
        this.taking = taking;
        this.answering = answering;
        this.pseudonyms = pseudonyms;
    }

    public List<ApiRoute> all() {
        return List.of(
                ApiRoute.get("/v1/requests", ApiScope.REQUESTS_READ, this::list),
                ApiRoute.post("/v1/requests", ApiScope.REQUESTS_WRITE, this::open),
                ApiRoute.get("/v1/requests/{id}/answer", ApiScope.SUBJECTS_EXPORT, this::answer),
                ApiRoute.post(
                        "/v1/requests/{id}/approval",
                        ApiScope.REQUESTS_ANSWER,
                        request -> done(request, true, answering::approve)),
                ApiRoute.post(
                        "/v1/requests/{id}/refusal",
                        ApiScope.REQUESTS_ANSWER,
                        request -> done(request, false, (given, _) -> answering.refuse(given))),
                ApiRoute.post(
                        "/v1/requests/{id}/extension",
                        ApiScope.REQUESTS_ANSWER,
                        request -> done(request, false, (given, _) -> answering.extend(given))));
    }

    private ApiAnswer list(ApiRequest request) throws LedgerUnavailable {
        List<SeenRequest> all = ApiArchive.ask(() -> answering.all(request.at()));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode requests = json.putArray("requests");
        all.forEach(each -> requests.add(RequestView.of(each)));
        return ApiAnswer.personal(json, all.stream().map(SeenRequest::id).toList());
    }

    private ApiAnswer open(ApiRequest request) throws LedgerUnavailable {
        ApiBody body = request.body();
        String number = body.required("number", Pseudonyms.E164, ApiBody.NUMBER_IN_WORDS);
        String kind = body.among("kind", OperatorRequests.kinds());
        String channel = body.among("channel", OperatorRequests.channels());
        String by = body.by();
        Instant received = received(body, request.at());
        body.done();
        return RequestTaken.answer(
                taking.open(kind, channel, by, pseudonyms.subject(number), received), by);
    }

    /** From then on the time to answer counts (Art. 12(3) DSGVO). */
    private Instant received(ApiBody body, Instant now) {
        String day = body.optional("received", DAY, AnswerDeadline.RECEIVED_IN_WORDS);
        if (day == null) {
            return now;
        }
        try {
            Optional<Instant> received = taking.received(LocalDate.parse(day), now);
            if (received.isPresent()) {
                return received.get();
            }
        } catch (DateTimeException e) {
            // no such day
        }
        body.wrong("received", AnswerDeadline.RECEIVED_IN_WORDS);
        return now;
    }

    private interface Deciding {
        OperatorAnswers.Result with(OperatorAnswers.Given given, @Nullable String proofLaw)
                throws IOException;
    }

    private ApiAnswer done(ApiRequest request, boolean mayKeep, Deciding answering)
            throws LedgerUnavailable {
        UUID id = request.id("id");
        ApiBody body = request.body();
        String by = body.by();
        String ground = nobody(body, "ground", body.required("ground", WORDS, inWords("why")));
        String law = mayKeep ? body.optional("keep_proof", WORDS, inWords("which law")) : null;
        if (law != null) {
            law = nobody(body, "keep_proof", law);
        }
        body.done();
        String proofLaw = law;
        var given = new OperatorAnswers.Given(id, request.at(), by, ground);
        return switch (ApiArchive.ask(() -> answering.with(given, proofLaw))) {
            case OperatorAnswers.Result.Done(int erased, int toTell) -> {
                ObjectNode json = JsonNodeFactory.instance.objectNode();
                json.put("request_id", id.toString()).put("erased", erased);
                json.put("holders_to_tell", toTell);
                json.put("call_records", mayKeep && this.answering.callsAreNamed());
                yield ApiAnswer.personal(json, List.of(id)).by(by).with(201);
            }
            case OperatorAnswers.Result.NotNow(String why) ->
                    throw ApiProblem.of(ApiProblem.Kind.CONFLICT, why);
            case OperatorAnswers.Result.Unknown() ->
                    throw ApiProblem.of(ApiProblem.Kind.NOT_FOUND, "no request has this id");
        };
    }

    private static String inWords(String what) {
        return what + ", in 3 to 500 characters, without a telephone number";
    }

    /** An answer stays when all else of the caller is erased. */
    private static String nobody(ApiBody body, String name, String text) {
        if (!NamesNobody.isTrueOf(text)) {
            body.wrong(name, "words that outlive the erasure, " + NamesNobody.IN_WORDS);
        }
        return text;
    }

    private ApiAnswer answer(ApiRequest request) throws LedgerUnavailable {
        UUID id = request.id("id");
        var part =
                new StoredRequests.Part(
                        request.query("cursor"),
                        request.limit(StoredRequests.MOST_HANDED, StoredRequests.MOST_HANDED));
        StoredRequests.Handed handed = handed(id, part, request);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("export", handed.export());
        json.put("page", handed.page());
        ObjectNode receipts = json.putObject("receipts");
        handed.receipts().forEach((consent, receipt) -> receipts.set(consent.toString(), receipt));
        json.put("receipts_missing", handed.missing()).put("shared_number", handed.shared());
        json.put("call_records", answering.callsAreNamed());
        if (handed.next().isEmpty()) {
            return ApiAnswer.personal(json, List.of(id));
        }
        json.put("next_cursor", handed.next().get());
        return ApiAnswer.personal(json, List.of(id))
                .withNext(
                        "/v1/requests/%s/answer?limit=%d&cursor=%s"
                                .formatted(id, part.most(), handed.next().get()));
    }

    private StoredRequests.Handed handed(UUID id, StoredRequests.Part part, ApiRequest request)
            throws LedgerUnavailable {
        try {
            return switch (ApiArchive.ask(() -> answering.handed(id, part, request.at()))) {
                case OperatorAnswers.Handing.Over(StoredRequests.Handed handed) -> handed;
                case OperatorAnswers.Handing.Refused(String why) ->
                        throw ApiProblem.of(ApiProblem.Kind.CONFLICT, why);
                case OperatorAnswers.Handing.Nothing() ->
                        throw ApiProblem.of(
                                ApiProblem.Kind.NOT_FOUND,
                                "no request for access that was not refused has this id");
            };
        } catch (IllegalArgumentException e) {
            throw ApiRequest.wrongCursor();
        }
    }
}
