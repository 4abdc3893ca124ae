package org.consentgateway.metrics;

import java.util.List;
import org.consentgateway.call.CallEvent;
import org.consentgateway.call.CallOutcome;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Method;
import org.consentgateway.consent.Unclear;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.consent.request.Task;

/**
 * Confined to one thread. Makes the series that the configuration lets one know of, with the value
 * 0: a rate needs a beginning, and what never happened must not look like what is not measured.
 */
public final class KnownSeries {
    /** Half of what {@link Meters} keeps at hand: where a configuration has more, it comes late. */
    private static final int MOST = 5_000;

    private static final List<Method> ANSWERED =
            List.of(Method.KEY, Method.SPEECH, Method.TEXT, Method.BOTH);

    private static final List<Unclear> UNANSWERED =
            List.of(
                    Unclear.NO_INPUT,
                    Unclear.NO_MATCH,
                    Unclear.CONFLICT,
                    Unclear.PROMPT_INCOMPLETE,
                    Unclear.ERROR);

    private static final List<Unclear> STAGES =
            List.of(Unclear.HANGUP_DURING_OPENING, Unclear.HANGUP_DURING_QUESTION);

    private static final int SCORES = 5;

    private final Meters meters;
    private int made;

    /**
     * One line.
     *
     * @param texts its languages and variants; none on a privacy line, which asks for nothing
     * @param levels ids
     */
    public record OfLine(
            String name, List<OfText> texts, List<String> levels, boolean satisfaction) {}

    public record OfText(String language, String variant) {}

    public KnownSeries(Meters meters) {
        this.meters = meters;
    }

    public void make(List<OfLine> lines, List<String> trunks) {
        process();
        trunks.forEach(this::trunk);
        lines.forEach(this::line);
        lines.forEach(line -> line.texts().forEach(text -> text(line, text)));
    }

    private void process() {
        meters.timer(Meter.FIRST_AUDIO, CallMeters.FIRST_AUDIO);
        meters.timer(Meter.WITHDRAWAL_CUT, CallMeters.CUT);
        meters.timer(Meter.CALL_DURATION, CallMeters.CALL);
        meters.timer(Meter.RTP_JITTER, CallMeters.JITTER);
        meters.timer(Meter.STORE_COMMIT, CallMeters.COMMIT, true);
        meters.timer(Meter.STORE_COMMIT, CallMeters.COMMIT, false);
        meters.timer(Meter.ASSISTANT_CONNECT, CallMeters.CONNECT, true);
        meters.timer(Meter.ASSISTANT_CONNECT, CallMeters.CONNECT, false);
        for (GateWatch.Violation how : GateWatch.Violation.values()) {
            zero(Meter.GATE_VIOLATIONS, Labels.word(how));
        }
        for (String state : List.of("given", "refused")) {
            ANSWERED.forEach(method -> decisionTime(state, method));
        }
        decisionTime("unanswered", Method.NONE);
        zero(Meter.RTP_LOST);
        zero(Meter.RELOADS, "done");
        zero(Meter.RELOADS, "refused");
        zero(Meter.CLOCK_JUMPS, "ahead");
        zero(Meter.CLOCK_JUMPS, "back");
        zero(Meter.MESSAGES, false);
        zero(Meter.MESSAGES, true);
        for (String reason : List.of("late", "stranger", "malformed", "forged")) {
            zero(Meter.RTP_DROPPED, reason);
        }
        for (String direction : List.of("received", "sent")) {
            zero(Meter.RTP_PACKETS, direction);
        }
        for (CallBackResult result : CallBackResult.values()) {
            zero(Meter.CALL_BACKS, Labels.word(result));
        }
        for (EndOfConsent.How how : EndOfConsent.How.values()) {
            for (String by : List.of("info", "bye", "close", "")) {
                zero(Meter.HOLDERS_NOTIFIED, Labels.word(how), by);
            }
        }
    }

    private void decisionTime(String state, Method method) {
        meters.timer(Meter.DECISION_TIME, CallMeters.DECISION, state, Labels.word(method));
    }

    private void trunk(String trunk) {
        meters.timer(Meter.TRUNK_CALLS, CallMeters.CALL, trunk);
        for (String direction : List.of("received", "sent")) {
            zero(Meter.TRUNK_RTP, trunk, direction);
            zero(Meter.TRUNK_RTP_LOST, trunk, direction);
        }
    }

    private void line(OfLine line) {
        CallOutcome.names().forEach(outcome -> zero(Meter.CALLS, line.name(), outcome));
        for (CallEvent.PurposeState state : CallEvent.PurposeState.values()) {
            zero(Meter.PURPOSES, line.name(), Labels.word(state));
        }
        for (String level : line.levels()) {
            zero(Meter.USED, line.name(), level);
            for (Method method : ANSWERED) {
                zero(Meter.REAFFIRMED, line.name(), level, Labels.word(method));
                zero(Meter.WITHDRAWN, line.name(), level, Labels.word(method));
            }
        }
    }

    private void text(OfLine line, OfText text) {
        zero(Meter.OPENINGS_UNHEARD, line.name());
        for (boolean known : List.of(false, true)) {
            String caller = CallMeters.caller(known);
            of(line, text, Meter.DISCLOSURES, caller, true);
            of(line, text, Meter.DISCLOSURES, caller, false);
            of(line, text, Meter.QUESTIONS, caller);
            STAGES.forEach(stage -> of(line, text, Meter.ABANDONED, caller, stage.name()));
            decisions(line, text, caller);
        }
        for (int score = 1; line.satisfaction() && score <= SCORES; score++) {
            of(line, text, Meter.SATISFACTION, score);
        }
        for (boolean truth : List.of(false, true)) {
            if (line.satisfaction()) {
                of(line, text, Meter.HELPED, truth);
            }
            of(line, text, Meter.LINKS, truth);
        }
        for (Task.Kind kind : Task.Kind.values()) {
            of(line, text, Meter.TASKS_LEFT, Labels.word(kind));
        }
    }

    private void decisions(OfLine line, OfText text, String caller) {
        for (Method method : ANSWERED) {
            String by = Labels.word(method);
            for (String level : line.levels()) {
                of(line, text, Meter.DECISIONS, caller, level, "given", by, "");
            }
            of(line, text, Meter.DECISIONS, caller, "", "refused", by, "");
        }
        String none = Labels.word(Method.NONE);
        UNANSWERED.forEach(
                why -> of(line, text, Meter.DECISIONS, caller, "", "unanswered", none, why.name()));
    }

    private void of(OfLine line, OfText text, Meter meter, Object... more) {
        zero(meter, CallMeters.tags(line.name(), text.language(), text.variant(), more));
    }

    private void zero(Meter meter, Object... values) {
        if (made++ < MOST) {
            meters.counter(meter, values);
        }
    }
}
