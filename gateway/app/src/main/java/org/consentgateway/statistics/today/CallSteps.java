package org.consentgateway.statistics.today;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Decision;

/**
 * Thread-safe. What happened when in each call under way, and in those that ended last. Kept in
 * memory and on this node: what has to be proved stands in the log. Names nobody.
 */
public final class CallSteps implements CallListener {
    /** That ended, at most. */
    static final int MOST_ENDED = 500;

    /** Of one call; a call has a dozen. */
    static final int MOST_STEPS = 60;

    /** More than are under way at once. */
    private static final int MOST_CALLS = 20_000;

    private final InstantSource clock;
    private final Map<UUID, List<Step>> underWay =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<UUID, List<Step>> eldest) {
                    return size() > MOST_CALLS;
                }
            };
    private final Deque<EndedCall> ended = new ArrayDeque<>();

    /**
     * Immutable.
     *
     * @param what such as "question" or "decided-given"
     * @param detail an id that belongs to it, such as that of a level; empty for none
     */
    public record Step(Instant at, String what, String detail) {}

    /**
     * Immutable. A call that is over.
     *
     * @param language empty where it never came so far
     */
    public record EndedCall(
            UUID id, String line, String trunk, Ending ending, String language, List<Step> steps) {}

    /**
     * Immutable. How and when a call ended.
     *
     * @param outcome as the log line has it
     */
    public record Ending(
            String outcome,
            Instant at,
            Duration took,
            StreamQuality received,
            StreamQuality sent) {}

    public CallSteps(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void told(CallEvent event) {
        switch (event) {
            case CallEvent.FirstAudio told -> step(told.facts(), "answered", "");
            case CallEvent.QuestionServed told ->
                    step(told.facts(), "question", told.known() ? "known" : "");
            case CallEvent.Decided told -> step(told.facts(), decided(told.decision()), "");
            case CallEvent.Reaffirmed told -> step(told.facts(), "reaffirmed", told.level());
            case CallEvent.Used told -> step(told.facts(), "used", told.level());
            case CallEvent.Abandoned told -> step(told.facts(), "abandoned", "");
            case CallEvent.Committed told ->
                    step(told.facts(), told.durable() ? "recorded" : "not-recorded", "");
            case CallEvent.Withdrawn told -> step(told.facts(), "withdrawn", told.level());
            case CallEvent.Joined told -> step(told.facts(), "joined-" + lower(told.whom()), "");
            case CallEvent.PurposeDecided told ->
                    step(told.facts(), "purpose-" + lower(told.state()), told.purpose().id());
            case CallEvent.ConsentEnded told -> step(told.facts(), "consent-ended", "");
            case CallEvent.Cut told -> step(told.facts(), "cut", "");
            case CallEvent.TaskOpened told ->
                    step(told.facts(), "task-" + lower(told.kind()).replace('_', '-'), "");
            case CallEvent.LinkAsked told -> step(told.facts(), "link-asked", "");
            case CallEvent.Ended told -> ended(told.outcome(), told.media());
            case CallEvent.DisclosureServed _,
                    CallEvent.Rejected _,
                    CallEvent.HolderNotified _,
                    CallEvent.Satisfaction _,
                    CallEvent.Helped _,
                    CallEvent.OpeningUnheard _,
                    CallEvent.AssistantDialled _,
                    CallEvent.AssistantGone _,
                    CallEvent.WithdrawalFailed _,
                    CallEvent.GateRefused _ -> {
                // told at the question, of no call, after it, not to be linked to it, or counted
                // for those who operate the gateway
            }
        }
    }

    private static String lower(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }

    private static String decided(Decision decision) {
        return switch (decision) {
            case Decision.Given _ -> "decided-given";
            case Decision.Refused _ -> "decided-refused";
            case Decision.Unanswered _ -> "decided-unanswered";
        };
    }

    private synchronized void step(CallFacts facts, String what, String detail) {
        List<Step> steps = underWay.computeIfAbsent(facts.callId(), _ -> new ArrayList<>());
        if (steps.size() < MOST_STEPS) {
            steps.add(new Step(clock.instant(), what, detail));
        }
    }

    private synchronized void ended(CallOutcome outcome, MediaQuality quality) {
        CallOutcome.Trail trail = outcome.trail();
        CallFacts facts = trail.facts();
        List<Step> steps = underWay.remove(facts.callId());
        ended.addFirst(
                new EndedCall(
                        facts.callId(),
                        facts.line(),
                        facts.trunk(),
                        new Ending(
                                outcome.name(),
                                clock.instant(),
                                trail.took(),
                                StreamQuality.received(quality),
                                StreamQuality.sent(quality)),
                        trail.language(),
                        steps == null ? List.of() : List.copyOf(steps)));
        if (ended.size() > MOST_ENDED) {
            ended.removeLast();
        }
    }

    /** The oldest step first; none where the call is not under way. */
    public synchronized List<Step> of(UUID call) {
        return List.copyOf(underWay.getOrDefault(call, List.of()));
    }

    /** Empty where it goes on, is forgotten, or never was. */
    public synchronized Optional<EndedCall> endedOf(UUID call) {
        return ended.stream().filter(each -> each.id().equals(call)).findFirst();
    }

    /** The newest first. */
    public synchronized List<EndedCall> ended(int most) {
        return ended.stream().limit(most).toList();
    }
}
