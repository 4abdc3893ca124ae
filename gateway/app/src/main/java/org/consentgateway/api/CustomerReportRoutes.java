package org.consentgateway.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.ledger.entry.Header;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.proof.OperatorWithdrawals;
import org.consentgateway.report.CustomerReports;
import org.consentgateway.report.CustomerReports.Asked;
import org.consentgateway.report.LastingConsent;

/** Thread-safe. Monthly reports to customers: what one says, and how a customer ends them. */
final class CustomerReportRoutes {
    private final CustomerReports reports;
    private final OperatorWithdrawals withdrawals;

    CustomerReportRoutes(CustomerReports reports, OperatorWithdrawals withdrawals) {
        this.reports = reports;
        this.withdrawals = withdrawals;
    }

    List<ApiRoute> all() {
        return List.of(
                ApiRoute.get("/v1/reports/customers/{id}", ApiScope.REPORTS_READ, this::one),
                ApiRoute.post(
                        "/v1/reports/customers/{id}/withdrawal",
                        ApiScope.CONSENTS_WITHDRAW,
                        this::endByReport),
                ApiRoute.post(
                        "/v1/subjects/{reference}/reports/withdrawal",
                        ApiScope.CONSENTS_WITHDRAW,
                        this::endByReference));
    }

    private ApiAnswer one(ApiRequest request) throws LedgerUnavailable {
        UUID id = request.id("id");
        Asked asked = reports.ask(id, request.latest());
        return switch (asked) {
            case Asked.Found(CustomerReports.Content content) ->
                    ApiAnswer.personal(json(content), content.consents());
            case Asked.Unknown() ->
                    throw ApiProblem.of(ApiProblem.Kind.NOT_FOUND, "no report has this id");
            case Asked.Erased() ->
                    throw ApiProblem.of(ApiProblem.Kind.GONE, "the customer was erased");
            case Asked.Ended() ->
                    throw ApiProblem.of(
                            ApiProblem.Kind.CONFLICT,
                            "the customer gets no reports any more: send none");
        };
    }

    private static ObjectNode json(CustomerReports.Content content) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("report_id", content.id().toString());
        json.put("reference", content.reference());
        json.put("month", content.month().toString());
        json.put("language", content.letter().language());
        json.put("subject", content.letter().subject());
        json.put("text", content.letter().text());
        json.put("html", content.letter().html());
        ArrayNode choices = json.putArray("choices");
        for (LastingConsent each : content.choices()) {
            ObjectNode one = choices.addObject().put("consent_id", each.consent().toString());
            each.purposes().forEach(one.putArray("purposes")::add);
            one.put("given_at", Header.time(each.given()));
            one.put("until", Header.time(each.until()));
        }
        return json;
    }

    private ApiAnswer endByReport(ApiRequest request) throws LedgerUnavailable {
        UUID id = request.id("id");
        return ended(
                request,
                reports.agreedBehind(id, request.at())
                        .orElseThrow(() ->
                                ApiProblem.of(ApiProblem.Kind.NOT_FOUND, "no report has this id")));
    }

    private ApiAnswer endByReference(ApiRequest request) throws LedgerUnavailable {
        String reference = SubjectRoutes.reference(request);
        return ended(
                request,
                reports.agreedOf(reference, request.at())
                        .orElseThrow(() ->
                                ApiProblem.of(
                                        ApiProblem.Kind.NOT_FOUND,
                                        "no caller is tied to this reference")));
    }

    /** Asked a second time there is nothing to be ended, and that is right. */
    private ApiAnswer ended(ApiRequest request, List<UUID> consents) throws LedgerUnavailable {
        ApiBody body = request.body();
        String by = body.by();
        body.done();
        Instant now = request.at();
        List<UUID> ended = new ArrayList<>();
        boolean all = true;
        for (UUID consent : consents) {
            switch (withdrawals.end(consent, reports.purpose(), now)) {
                case OperatorWithdrawals.Result.Done(UUID _, boolean stored, boolean _) -> {
                    ended.add(consent);
                    all &= stored;
                }
                case OperatorWithdrawals.Result.OnNoDisk() -> throw ConsentRoutes.onNoDisk();
                case OperatorWithdrawals.Result.WithdrawnBefore _,
                        OperatorWithdrawals.Result.Ended _ -> {
                    // nothing was left to be ended
                }
                case OperatorWithdrawals.Result.Unknown _,
                        OperatorWithdrawals.Result.Unfinished _ ->
                        throw ApiProblem.of(
                                ApiProblem.Kind.CONFLICT,
                                "what there is of the customer changed meanwhile: send it again");
            }
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode ids = json.put("purpose", reports.purpose()).putArray("consent_ids");
        ended.forEach(each -> ids.add(each.toString()));
        ApiAnswer answer = ApiAnswer.personal(json, ended).by(by);
        return all ? answer : answer.kept();
    }
}
