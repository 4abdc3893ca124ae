package org.consentgateway.line;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.answer.AnswerWindow;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.spoken.FirstQuestion;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.SpokenWords;
import org.consentgateway.media.Playback;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.speech.Heard;
import org.consentgateway.speech.SpokenMeaning;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread. Puts one question after another: what the caller presses
 * and says meanwhile goes to an {@link AnswerWindow}, and what that wants is done.
 */
final class Questions {
    private final Prompts prompts;
    private final Hearing hearing;
    private final KeyTrail keys;
    private final Inbox inbox;
    private final CallTime time;
    private final CallerState state;

    Questions(
            Prompts prompts,
            Hearing hearing,
            KeyTrail keys,
            Inbox inbox,
            CallTime time,
            CallerState state) {
        this.prompts = prompts;
        this.hearing = hearing;
        this.keys = keys;
        this.inbox = inbox;
        this.time = time;
        this.state = state;
    }

    /** As {@link org.consentgateway.call.Caller#ask}. */
    Reply ask(Utterance question, Expecting expecting, AnswerTiming timing, Happenings happenings) {
        var open = new Open(question, expecting, timing);
        String language = question.notice().language();
        var withdrawals = new Withdrawals(expecting.withdrawal(), false, language);
        keys.watch(WithdrawalWatch.beforeAnyAudio(withdrawals, time, inbox));
        try {
            return open.answer(happenings);
        } finally {
            open.playback.stop();
            hearing.prompt(false);
            hearing.stop();
            keys.watch(null);
            keys.clear();
        }
    }

    /** From the start of a prompt until it has put its question, which its last part asks. */
    private static Duration put(Utterance question, List<AudioClip> clips) {
        String part = question.parts().getLast();
        double asking = FirstQuestion.share(question.notice().texts().getOrDefault(part, ""));
        long before = clips.stream().limit(clips.size() - 1).mapToLong(AudioClip::millis).sum();
        return Duration.ofMillis(before + Math.round(asking * clips.getLast().millis()));
    }

    /** Confined to the call's virtual thread. One question, from its first sound to its answer. */
    private final class Open {
        private static final int NOT_LISTENING = -1;

        private final long start = time.nanos();
        private final AnswerWindow window;
        private final Playback playback;
        private final String language;
        private final Set<SpokenMeaning> words;
        private final boolean listens;
        private int listening = NOT_LISTENING;

        Open(Utterance question, Expecting expecting, AnswerTiming timing) {
            List<AudioClip> clips = prompts.clips(question);
            window = new AnswerWindow(expecting, timing, start, put(question, clips));
            if (state.onHold()) {
                window.held(true, start);
            }
            playback = prompts.play(clips);
            hearing.prompt(true);
            language = question.notice().language();
            words = SpokenMeanings.spoken(expecting.words());
            listens = !words.isEmpty() && hearing.hears(language);
            listen();
        }

        private void listen() {
            if (listens) {
                listening =
                        hearing.start(
                                language,
                                words,
                                (which, heard) -> inbox.put(new Happening.Listened(which, heard)));
            }
        }

        Reply answer(Happenings happenings) {
            while (true) {
                Happening happening = happenings.next(untilTick());
                if (happening instanceof Happening.Withdrew(_, long at, _)) {
                    return new Reply.Withdrew(time.instantOf(at), Duration.ofNanos(at - start));
                }
                AnswerWindow.Move move = move(happening, time.nanos());
                if (move.stopPrompt()) {
                    playback.stop();
                }
                if (move.reply() != null) {
                    return move.reply();
                }
                if (move.listenAgain()) {
                    listen();
                }
            }
        }

        private long untilTick() {
            long due = window.nextTick();
            return due == AnswerWindow.NEVER
                    ? Happenings.PATIENCE_NANOS
                    : Math.clamp(due - time.nanos(), 0, Happenings.PATIENCE_NANOS);
        }

        private AnswerWindow.Move move(@Nullable Happening happening, long now) {
            return switch (happening) {
                case Happening.KeyDown(char digit, long at) -> window.keyDown(digit, at, now);
                case Happening.Played(Playback which, var how) when which.equals(playback) -> {
                    hearing.prompt(false);
                    yield window.promptEnded(Prompts.said(how, Said.End.BARGED_IN), now);
                }
                case Happening.Listened(int which, Heard heard) when which == listening ->
                        move(heard, now);
                case Happening.Agreed _ -> window.held(state.onHold(), now);
                case null, default -> window.tick(now);
            };
        }

        private AnswerWindow.Move move(Heard heard, long now) {
            return switch (heard) {
                case Heard.SpeechStarted _ -> window.speechStarted(now);
                case Heard.Words said ->
                        window.words(
                                SpokenMeanings.meaning(said.meaning()),
                                new SpokenWords(said.entry()),
                                said.confidence(),
                                said.speechMillis(),
                                said.weak(),
                                now);
                case Heard.Nothing _ -> window.nothing(now);
                case Heard.Failed _ -> window.recogniserFailed(now);
            };
        }
    }
}
