package org.consentgateway.line;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.answer.Announced;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.answer.AnswerWindow;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
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
    private final WithdrawalListener withdrawals;
    private final Inbox inbox;
    private final CallTime time;
    private final CallerState state;

    Questions(
            Prompts prompts,
            Hearing hearing,
            WithdrawalListener withdrawals,
            Inbox inbox,
            CallTime time,
            CallerState state) {
        this.prompts = prompts;
        this.hearing = hearing;
        this.withdrawals = withdrawals;
        this.inbox = inbox;
        this.time = time;
        this.state = state;
    }

    /** As {@link org.consentgateway.call.Caller#ask}. */
    Reply ask(Utterance question, Expecting expecting, AnswerTiming timing, Happenings happenings) {
        List<AudioClip> clips = prompts.clips(question);
        long start = time.nanos();
        var window = new AnswerWindow(expecting, timing, start, put(question, clips));
        String language = question.notice().language();
        try (var open = new Open(start, window, clips, language, expecting)) {
            return open.answer(happenings);
        } finally {
            withdrawals.answered();
        }
    }

    /** As {@link org.consentgateway.call.Caller#announce}. */
    Announced announce(
            @Nullable Utterance before,
            Utterance announcement,
            Expecting expecting,
            AnswerTiming timing,
            Happenings happenings) {
        List<AudioClip> first = before == null ? List.of() : prompts.clips(before);
        long offset = first.stream().mapToLong(AudioClip::samples).sum();
        List<AudioClip> clips = new ArrayList<>(first);
        clips.addAll(prompts.clips(announcement));
        long start = time.nanos();
        var window = AnswerWindow.ofAnnouncement(expecting, timing, start);
        String language = announcement.notice().language();
        try (var open = new Open(start, window, clips, language, expecting)) {
            try {
                Reply reply = open.answer(happenings);
                return Announced.of(open.said(Said.End.BARGED_IN).after(offset), reply);
            } catch (CallEnded gone) {
                throw new CallEnded(gone.how(), open.said(Said.End.CALLER_GONE).after(offset));
            } catch (ConsentWithdrawn withdrawn) {
                throw withdrawn.during(open.said(Said.End.BARGED_IN).after(offset));
            }
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
    private final class Open implements AutoCloseable {
        private static final int NOT_LISTENING = -1;

        private final AnswerWindow window;
        private final Playback playback;
        private final String language;
        private final Set<SpokenMeaning> words;
        private final boolean listens;
        private int listening = NOT_LISTENING;
        private @Nullable Said said;

        Open(
                long start,
                AnswerWindow window,
                List<AudioClip> clips,
                String language,
                Expecting expecting) {
            this.window = window;
            this.language = language;
            if (state.onHold()) {
                window.held(true, start);
            }
            playback = prompts.play(clips);
            hearing.prompt(true);
            words = withdrawals.with(SpokenMeanings.spoken(expecting.words()));
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

        /**
         * How far it came.
         *
         * @param ifStopped what it is called where this stops it
         */
        Said said(Said.End ifStopped) {
            return said == null ? Prompts.stopped(playback, ifStopped) : said;
        }

        @Override
        public void close() {
            playback.stop();
            hearing.prompt(false);
            hearing.stop();
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
                    said = Prompts.said(how, Said.End.BARGED_IN);
                    yield window.promptEnded(said, now);
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
                case Heard.Words said when withdrawals.withdraws(said) -> AnswerWindow.Move.NOTHING;
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
