package org.consentgateway.callback;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.answer.AnswerWindow;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Meaning;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.ReplyWindow;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.spoken.AskingPrompt;
import org.consentgateway.consent.request.CallBackResult;
import org.consentgateway.media.Playback;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the thread of its call. The key that answers a call back, asked for once: what counts
 * when is the rule of all questions ({@link AnswerWindow}). Key 1 is the choice of a menu, and is
 * put when it has been named; key 2 counts from the first sample on.
 */
final class ConfirmingKey {
    private static final Expecting KEYS =
            new Expecting(
                    Map.of('1', Meaning.ONE, '2', Meaning.REFUSE),
                    Set.of(),
                    Expecting.Starts.YES_ONCE_PUT);

    private final AnswerWindow window;
    private final long startNanos;

    /**
     * @param firstInput how long a key is waited for behind the prompt
     * @param startNanos of the prompt
     */
    ConfirmingKey(AskingPrompt prompt, Duration firstInput, long startNanos) {
        this.startNanos = startNanos;
        this.window =
                new AnswerWindow(
                        KEYS,
                        AnswerTiming.DEFAULT.withFirstInput(firstInput),
                        startNanos,
                        prompt.put(KEYS));
    }

    /**
     * @param atNanos when it went down
     * @param played how far the prompt has come
     * @return null while the question goes on
     */
    @Nullable CallBackResult pressed(char key, long atNanos, Duration played, long nowNanos) {
        if (!KEYS.keys().containsKey(key)) {
            return atNanos < startNanos ? null : CallBackResult.OTHER_KEY;
        }
        window.played(played, nowNanos);
        return result(window.keyDown(key, atNanos, nowNanos));
    }

    /** The prompt has ended; null as above. */
    @Nullable CallBackResult spoken(Playback.Played how, long nowNanos) {
        Said.End end = isHeard(how) ? Said.End.COMPLETED : Said.End.SEND_FAILED;
        // A telephone that sends no sound while nobody speaks sends the key all the same.
        boolean alive = true;
        Said said = new Said(how.samplesPlanned(), how.samplesSent(), how.heldMillis(), alive, end);
        return result(window.promptEnded(said, nowNanos));
    }

    /** Whether it went out to its end, and there was anything of it. */
    static boolean isHeard(Playback.Played how) {
        return how.whole() && how.samplesPlanned() > 0;
    }

    /** Until when there is something to wait for. */
    long untilNanos() {
        return isEndAwaited() ? startNanos + CallBackCall.LONGEST.toNanos() : window.nextTick();
    }

    /** Nothing came until then; null as above. */
    @Nullable CallBackResult waited(long nowNanos) {
        return isEndAwaited() ? CallBackResult.NO_KEY : result(window.tick(nowNanos));
    }

    private boolean isEndAwaited() {
        return window.nextTick() == ReplyWindow.NEVER;
    }

    private static @Nullable CallBackResult result(ReplyWindow.Move move) {
        return switch (move.reply()) {
            case null -> null;
            case Reply.Meant meant ->
                    meant.meaning() == Meaning.ONE
                            ? CallBackResult.CONFIRMED
                            : CallBackResult.DISOWNED;
            case Reply.PromptIncomplete _ -> CallBackResult.NOT_REACHED;
            case Reply.NoInput _, Reply.NoMatch _, Reply.Conflict _ -> CallBackResult.NO_KEY;
        };
    }
}
