package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.HttpStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.api.request.WrittenNumber;
import org.consentgateway.console.ApiRefused;
import org.consentgateway.console.ConsoleGuard;
import org.consentgateway.console.ConsolePages;
import org.consentgateway.console.ConsoleSection;
import org.consentgateway.console.Visit;
import org.consentgateway.ledger.keys.Pseudonyms;

/**
 * Thread-safe. What a caller has agreed to: found by number or by what other systems call them,
 * never in an address; proved, and ended on their behalf.
 */
public final class ConsentPages implements ConsolePages {
    private static final String PATH = ConsoleSection.CONSENTS.path();

    /** Something of the person could not be read, and may not have ended. */
    private static final String LEFT = "left";

    /** The store takes the record later. */
    private static final String LATE = "late";

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9._:@-]{1,64}");

    @Override
    public void into(RoutesConfig routes, ConsoleGuard guard) {
        ApiScope read = ConsoleSection.CONSENTS.scope();
        routes.get(PATH, guard.page(read, visit -> show(visit, ConsentsView.nothingAsked(visit))));
        routes.post(PATH, guard.page(read, ConsentPages::search));
        routes.get(PATH + "/report", guard.page(ApiScope.REPORTS_READ, ConsentPages::report));
        routes.get(PATH + "/{id}", guard.page(read, ConsentPages::one));
        routes.get(PATH + "/{id}/receipt", guard.page(read, ConsentPages::receipt));
        routes.get(PATH + "/{id}/receipt.html", guard.page(read, ConsentPages::page));
        routes.post(
                PATH + "/withdraw", guard.page(ApiScope.CONSENTS_WITHDRAW, ConsentPages::withdraw));
    }

    private static void show(Visit visit, ConsentsView view) {
        visit.show(ConsoleSection.CONSENTS, "consents", view);
    }

    private static void search(Visit visit) {
        String number = WrittenNumber.e164(visit.form("number"));
        String reference = visit.form("reference");
        if (number.isEmpty() && REFERENCE.matcher(reference).matches()) {
            String path =
                    "/v1/subjects/"
                            + URLEncoder.encode(reference, StandardCharsets.UTF_8)
                            + "/consents";
            found(visit, visit.api().get(visit.session(), path));
        } else if (Pseudonyms.E164.matcher(number).matches()) {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("number", number);
            found(visit, visit.api().post(visit.session(), "/v1/consents/search", body));
        } else {
            visit.context().status(HttpStatus.UNPROCESSABLE_CONTENT);
            show(visit, ConsentsView.wrong(visit));
        }
    }

    private static void found(Visit visit, JsonNode answer) {
        show(visit, ConsentsView.found(answer, visit));
    }

    private static void one(Visit visit) {
        JsonNode consent = visit.api().get(visit.session(), "/v1/consents/" + id(visit));
        boolean left = visit.context().queryParam(LEFT) != null;
        show(visit, ConsentsView.one(consent, visit, left));
    }

    /** What names no consent leads nowhere, and never further than to one. */
    private static String id(Visit visit) {
        return known(visit.context().pathParam("id"));
    }

    private static String known(String id) {
        if (!ID.matcher(id).matches()) {
            throw new ApiRefused(404, "");
        }
        return id;
    }

    private static void receipt(Visit visit) {
        String id = id(visit);
        JsonNode receipt = visit.api().get(visit.session(), "/v1/consents/" + id + "/receipt");
        visit.context()
                .header("Content-Disposition", "attachment; filename=\"receipt-" + id + ".json\"")
                .contentType("application/json")
                .result(receipt.toPrettyString());
    }

    /** The same for people and for paper, in the language of whoever looks. */
    private static void page(Visit visit) {
        String id = id(visit);
        String asked =
                "/v1/consents/%s/receipt?format=html&language=%s"
                        .formatted(id, visit.words().language());
        visit.context()
                .header("Content-Disposition", "attachment; filename=\"receipt-" + id + ".html\"")
                .contentType("text/html; charset=utf-8")
                .result(visit.api().page(visit.session(), asked));
    }

    /** The letter that a customer quotes, as it would be written now. */
    private static void report(Visit visit) {
        String id = Objects.requireNonNullElse(visit.context().queryParam("id"), "").strip();
        JsonNode letter = visit.api().get(visit.session(), "/v1/reports/customers/" + known(id));
        visit.context()
                .header("Content-Disposition", "attachment; filename=\"report-" + id + ".html\"")
                .contentType("text/html; charset=utf-8")
                .result(letter.path("html").asText());
    }

    private static void withdraw(Visit visit) {
        String id = known(visit.form("consent"));
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("by", visit.session().user().person());
        JsonNode said;
        try {
            said =
                    visit.api()
                            .change(
                                    visit.session(),
                                    "/v1/consents/" + id + "/withdrawal",
                                    body,
                                    visit.form("once"));
        } catch (ApiRefused refused) {
            if (!refused.isUncertain()) {
                throw refused;
            }
            visit.context().status(refused.status());
            show(visit, WithdrawalView.again(visit, id));
            return;
        }
        tell(visit, id, cautions(said));
    }

    /** Where the record waits the log may be gone: then nothing is read to say so. */
    private static void tell(Visit visit, String id, List<String> cautions) {
        if (cautions.contains(LATE)) {
            show(visit, WithdrawalView.kept(visit, id, cautions));
        } else {
            String caution = cautions.isEmpty() ? "" : "?" + LEFT + "=yes";
            visit.context().redirect(PATH + "/" + id + caution, HttpStatus.SEE_OTHER);
        }
    }

    private static void show(Visit visit, WithdrawalView view) {
        visit.show(ConsoleSection.CONSENTS, "withdrawal", view);
    }

    /**
     * What whoever speaks with the person must know before they say that all is withdrawn.
     *
     * @param said of a withdrawal by the API
     */
    static List<String> cautions(JsonNode said) {
        List<String> all = new ArrayList<>();
        if (!said.path("all_ended").asBoolean(true)) {
            all.add(LEFT);
        }
        if (!said.path("recorded").asBoolean(true)) {
            all.add(LATE);
        }
        return List.copyOf(all);
    }
}
