package org.consentgateway.browser;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.consentgateway.call.CallEvent;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;
import org.consentgateway.speech.Heard;

/**
 * Immutable. One thing that the page is told of a call: a kind, and what belongs to it, as JSON has
 * it.
 */
record CallNews(String kind, Map<String, Object> fields) {
    /** Something that has happened in the call of these facts. */
    record Of(CallFacts facts, CallNews news) {}

    static CallNews of(String kind) {
        return new CallNews(kind, Map.of());
    }

    private static CallNews stage(String stage) {
        return new CallNews("stage", Map.of("stage", stage));
    }

    private CallNews with(String field, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(field, value);
        return new CallNews(kind, more);
    }

    /** A stage of a call; empty for what belongs to no call, or is for those who operate it. */
    static Optional<Of> of(CallEvent event) {
        return switch (event) {
            case CallEvent.Rejected _,
                    CallEvent.Satisfaction _,
                    CallEvent.Helped _,
                    CallEvent.OpeningUnheard _,
                    CallEvent.AssistantDialled _,
                    CallEvent.AssistantGone _,
                    CallEvent.WithdrawalFailed _,
                    CallEvent.GateRefused _ ->
                    Optional.empty();
            case CallEvent.FirstAudio e ->
                    told(e.facts(), stage("first-audio").with("millis", e.afterAck().toMillis()));
            case CallEvent.DisclosureServed e ->
                    told(e.facts(), stage("disclosed").with("whole", e.completed()));
            case CallEvent.QuestionServed e -> told(e.facts(), stage("asked"));
            case CallEvent.Decided e ->
                    told(
                            e.facts(),
                            stage("decided")
                                    .with("what", word(e.decision()))
                                    .with("method", e.method().name()));
            case CallEvent.Reaffirmed e -> told(e.facts(), stage("reaffirmed"));
            case CallEvent.Used e -> told(e.facts(), stage("used"));
            case CallEvent.Abandoned e -> told(e.facts(), stage("abandoned"));
            case CallEvent.Committed e ->
                    told(
                            e.facts(),
                            stage(e.durable() ? "committed" : "not-committed")
                                    .with("millis", e.took().toMillis()));
            case CallEvent.Withdrawn e -> told(e.facts(), stage("withdrawn"));
            case CallEvent.Joined e ->
                    told(e.facts(), stage("joined").with("what", e.whom().name()));
            case CallEvent.PurposeDecided e ->
                    told(e.facts(), stage("purpose").with("what", e.state().name()));
            case CallEvent.ConsentEnded e -> told(e.facts(), stage("consent-ended"));
            case CallEvent.Cut e ->
                    told(e.facts(), stage("cut").with("millis", e.afterwards().toMillis()));
            case CallEvent.HolderNotified e -> told(e.facts(), stage("told"));
            case CallEvent.TaskOpened e -> told(e.facts(), stage("task"));
            case CallEvent.LinkAsked e -> told(e.facts(), stage("link"));
            case CallEvent.Ended e ->
                    told(
                            e.outcome().trail().facts(),
                            stage("ended").with("what", e.outcome().name()));
        };
    }

    private static Optional<Of> told(CallFacts facts, CallNews news) {
        return Optional.of(new Of(facts, news));
    }

    private static String word(Decision decision) {
        return switch (decision) {
            case Decision.Given _ -> "given";
            case Decision.Refused _ -> "refused";
            case Decision.Unanswered _ -> "unanswered";
        };
    }

    /** The recogniser's verdict; empty for what only steers the prompt. */
    static Optional<CallNews> of(Heard heard) {
        CallNews verdict = of("heard");
        return switch (heard) {
            case Heard.SpeechStarted _ -> Optional.of(verdict.with("verdict", "speech"));
            case Heard.Ceased _, Heard.BegunAnew _, Heard.Missed _, Heard.Likely _ ->
                    Optional.empty();
            case Heard.Words said ->
                    Optional.of(
                            verdict.with("verdict", "words")
                                    .with("meaning", said.meaning().name())
                                    .with("word", said.entry())
                                    .with("confidence", said.confidence())
                                    .with("weak", said.weak()));
            case Heard.Nothing nothing ->
                    Optional.of(
                            verdict.with("verdict", "nothing").with("why", nothing.why().name()));
            case Heard.Failed failed ->
                    Optional.of(
                            verdict.with("verdict", "failed").with("why", failed.reason().name()));
        };
    }
}
