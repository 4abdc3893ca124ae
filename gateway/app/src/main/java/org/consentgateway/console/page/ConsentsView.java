package org.consentgateway.console.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.consentgateway.api.access.ApiScope;
import org.consentgateway.console.PageWords;
import org.consentgateway.console.Visit;

/**
 * Immutable. What the page Consents shows.
 *
 * @param token of the forms in it
 * @param mayReadReports whether the role of whoever looks reads monthly reports to customers
 * @param problem what is wrong with what was entered; empty: nothing
 * @param caution what is to be known of a withdrawal just now, and what to do; empty: nothing
 * @param asked whether there was a question
 * @param more that there are others than these; empty where there are none
 */
public record ConsentsView(
        String token,
        boolean byNumber,
        boolean mayWithdraw,
        boolean mayReadReports,
        String problem,
        String caution,
        boolean asked,
        String more,
        List<Consent> consents) {

    /**
     * @param once for the form that ends it
     */
    public record Consent(
            String id,
            String level,
            State state,
            List<String> purposes,
            Place place,
            List<Event> history,
            String once) {}

    /**
     * @param id as the API has it, such as "in_force"
     * @param endable whether it can be withdrawn: also where its call is over, for what was kept,
     *     and where it has ended by the clock alone
     * @param caution what is to be known before anybody is told of it; empty: nothing
     */
    public record State(String id, String name, boolean endable, String caution) {}

    /** Where, in which words and where it is proved. */
    public record Place(String line, String notice, String valid, String proof) {}

    /**
     * @param end whether it holds no longer from here on
     */
    public record Event(String at, String what, String detail, boolean end) {}

    static ConsentsView nothingAsked(Visit visit) {
        return of(visit, "", "", false, "", List.of());
    }

    static ConsentsView wrong(Visit visit) {
        return of(visit, visit.words().of("consents.wrong"), "", false, "", List.of());
    }

    /**
     * @param left whether it was withdrawn just now, and something of the person may not have ended
     */
    static ConsentsView one(JsonNode consent, Visit visit, boolean left) {
        String caution = left ? visit.words().of("consents.left") : "";
        return of(visit, "", caution, true, "", List.of(consent(consent, visit.words())));
    }

    /**
     * @param answer of the API: all consents, or the newest and those that are in force
     */
    static ConsentsView found(JsonNode answer, Visit visit) {
        List<Consent> all = new ArrayList<>();
        answer.path("consents").forEach(each -> all.add(consent(each, visit.words())));
        String more = "";
        if (answer.has("next_cursor")) {
            boolean inForce = answer.path("all_in_force").asBoolean();
            more =
                    visit.words()
                            .of(
                                    inForce ? "consents.more" : "consents.more-in-force",
                                    answer.path("consents_in_all").asInt());
        }
        return of(visit, "", "", true, more, List.copyOf(all));
    }

    private static ConsentsView of(
            Visit visit,
            String problem,
            String caution,
            boolean asked,
            String more,
            List<Consent> consents) {
        var scopes = visit.session().user().role().scopes();
        return new ConsentsView(
                visit.session().formToken(),
                scopes.contains(ApiScope.CONSENTS_BY_NUMBER),
                scopes.contains(ApiScope.CONSENTS_WITHDRAW),
                scopes.contains(ApiScope.REPORTS_READ),
                problem,
                caution,
                asked,
                more,
                consents);
    }

    static Consent consent(JsonNode json, PageWords words) {
        List<String> purposes = new ArrayList<>();
        json.path("purposes").forEach(each -> purposes.add(words.named("purpose", each.asText())));
        return new Consent(
                json.path("consent_id").asText(),
                json.path("level").asText(),
                state(json, words),
                List.copyOf(purposes),
                new Place(
                        json.path("line").asText(),
                        "%s %s (%s)"
                                .formatted(
                                        json.at("/notice/id").asText(),
                                        TextsView.name(json.path("notice")),
                                        json.at("/notice/language").asText()),
                        valid(json, words),
                        "%s %s"
                                .formatted(
                                        json.at("/place/log").asText(),
                                        json.at("/place/index").asText())),
                history(json, words),
                UUID.randomUUID().toString());
    }

    /**
     * Where no record says that it has ended, the clock may be wrong: then it holds again as soon
     * as that is set right, and a withdrawal must not be lost to it.
     */
    private static State state(JsonNode json, PageWords words) {
        String state = json.path("state").asText();
        boolean byClockAlone = state.equals("expired") && !json.has("ended");
        return new State(
                state,
                words.named("consent-state", state),
                byClockAlone || state.equals("in_force") || state.equals("over_with_call"),
                byClockAlone ? words.of("consents.by-clock-alone") : "");
    }

    private static String valid(JsonNode json, PageWords words) {
        String until = json.at("/validity/until").asText();
        return until.isEmpty()
                ? words.of("consents.this-call")
                : words.of("consents.until", words.day(Instant.parse(until)));
    }

    private static List<Event> history(JsonNode json, PageWords words) {
        List<Event> events = new ArrayList<>();
        events.add(
                new Event(
                        at(json.path("given_at").asText(), words),
                        words.of(json.has("origin") ? "history.elsewhere" : "history.Given"),
                        "",
                        false));
        for (JsonNode each : json.path("history")) {
            String type = each.path("type").asText();
            String detail = each.path("reason").asText(each.path("method").asText());
            events.add(
                    new Event(
                            at(each.path("at").asText(), words),
                            words.named("history", type),
                            detail.isEmpty() ? "" : words.named("reason", detail),
                            each.path("ends").asBoolean()));
        }
        return List.copyOf(events);
    }

    private static String at(String time, PageWords words) {
        return words.moment(Instant.parse(time));
    }
}
