package org.consentgateway.line;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.consentgateway.call.CallTime;
import org.consentgateway.call.answer.Announced;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.answer.AnswerWindow;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.QuestionPut;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.ReplyWindow;
import org.consentgateway.call.answer.RestingYes;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.answer.TypedLine;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.spoken.AskingPrompt;
import org.consentgateway.call.spoken.Next;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.SpokenWords;
import org.consentgateway.line.text.SpokenMeanings;
import org.consentgateway.line.text.TypedWords;
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
    private final Reading reading;

    /** Of the words of the last answer. */
    private long wordEndNanos;

    /** What time it is, and how far the call has come. */
    record Moment(CallTime time, CallerState state) {}

    /** How what is typed is read. */
    record Reading(CallerText text, TypedWords words) {}

    Questions(
            Prompts prompts,
            Reading reading,
            Hearing hearing,
            WithdrawalListener withdrawals,
            Inbox inbox,
            Moment now) {
        this.prompts = prompts;
        this.reading = reading;
        this.hearing = hearing;
        this.withdrawals = withdrawals;
        this.inbox = inbox;
        this.time = now.time();
        this.state = now.state();
    }

    /** As {@link org.consentgateway.call.Caller#ask}. */
    Reply ask(Utterance question, Expecting expecting, AnswerTiming timing, Happenings happenings) {
        Prompts.Speaking asking = prompts.begin(question);
        QuestionPut put = asking(question, asking.clips()).put(expecting);
        var window = new AnswerWindow(expecting, timing, asking.startNanos(), put);
        try (var open = new Open(asking, window, question.notice().language(), expecting)) {
            return open.answer(happenings);
        } finally {
            withdrawals.answered();
        }
    }

    /**
     * As {@link org.consentgateway.call.Caller#rest}.
     *
     * @param stands takes the language where the yes stands and nothing more is asked: listens from
     *     then on to what the caller says to what is being spoken
     */
    Reply rest(
            Reply.Meant yes,
            Next next,
            Expecting expecting,
            AnswerTiming timing,
            Consumer<String> stands,
            Happenings happenings) {
        Utterance utterance = next.utterance();
        Prompts.Speaking speaking = prompts.begin(utterance);
        ReplyWindow window =
                ReplyWindow.resting(
                        yes,
                        expecting,
                        timing,
                        next.question(),
                        restsFrom(yes, speaking.startNanos()),
                        next.question()
                                ? asking(utterance, speaking.clips()).put()
                                : Duration.ZERO);
        try (var open = new Open(speaking, window, utterance.notice().language(), expecting)) {
            Reply reply = open.answer(happenings);
            if (!open.stopped()) {
                open.leaveSpeaking();
                if (!next.question()) {
                    open.leaveListening(stands);
                }
            }
            return reply;
        }
    }

    private long restsFrom(Reply.Meant yes, long startNanos) {
        return yes instanceof Reply.Spoken
                ? RestingYes.restsFrom(wordEndNanos, startNanos)
                : startNanos;
    }

    /** As {@link org.consentgateway.call.Caller#announce}. */
    Announced announce(
            List<Utterance> before,
            Utterance announcement,
            Expecting expecting,
            AnswerTiming timing,
            Happenings happenings) {
        List<AudioClip> first =
                before.stream().flatMap(each -> prompts.clips(each).stream()).toList();
        long offset = first.stream().mapToLong(AudioClip::samples).sum();
        List<AudioClip> clips = new ArrayList<>(first);
        clips.addAll(prompts.clips(announcement));
        String language = announcement.notice().language();
        Prompts.Speaking speaking = prompts.begin(announcement, before, clips);
        var window = AnswerWindow.ofAnnouncement(expecting, timing, speaking.startNanos());
        try (var open = new Open(speaking, window, language, expecting)) {
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

    private static AskingPrompt asking(Utterance question, List<AudioClip> clips) {
        String text = question.notice().texts().getOrDefault(question.parts().getLast(), "");
        long whole = clips.stream().mapToLong(AudioClip::millis).sum();
        long last = clips.getLast().millis();
        return new AskingPrompt(text, Duration.ofMillis(whole - last), Duration.ofMillis(last));
    }

    /** Confined to the call's virtual thread. One question, from its first sound to its answer. */
    private final class Open implements AutoCloseable {
        private static final int NOT_LISTENING = -1;

        private final ReplyWindow window;
        private final Prompts.Speaking speaking;
        private final Playback playback;
        private final String language;
        private final Set<SpokenMeaning> words;
        private final boolean listens;
        private final Expecting expecting;
        private int listening = NOT_LISTENING;
        private @Nullable Said said;
        private boolean stopped;
        private boolean left;
        private boolean listensOn;

        Open(Prompts.Speaking speaking, ReplyWindow window, String language, Expecting expecting) {
            this.speaking = speaking;
            this.window = window;
            this.expecting = expecting;
            this.language = language;
            this.playback = speaking.playback();
            if (state.onHold()) {
                window.held(true, time.nanos());
            }
            hearing.prompt(!speaking.over());
            Set<SpokenMeaning> answers = SpokenMeanings.spoken(expecting.words());
            words = withdrawals.with(answers);
            listens = (!answers.isEmpty() && hearing.hears(language)) || withdrawals.listens();
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
            @Nullable Reply reply = speaking.over() ? done(promptEnded()) : null;
            if (reply == null && listens && hearing.hasGap()) {
                reply = done(window.missed(time.nanos()));
            }
            while (reply == null) {
                long heardUntil = heardUntil();
                Happening happening = happenings.next(untilTick(heardUntil));
                reply = done(move(happening, heardUntil));
            }
            return reply;
        }

        private @Nullable Reply done(ReplyWindow.Move move) {
            switch (move.prompt()) {
                case LOWERED -> playback.volume(Playback.Volume.LOWERED);
                case PAUSED -> playback.volume(Playback.Volume.PAUSED);
                case GOES_ON -> playback.volume(Playback.Volume.FULL);
                case STOPPED -> {
                    stopped = true;
                    playback.stop();
                }
                case AS_IT_IS -> {}
            }
            if (move.reply() == null && move.listenAgain()) {
                listen();
            }
            return move.reply();
        }

        private ReplyWindow.Move promptEnded() {
            hearing.prompt(false);
            said = prompts.said(playback.ended().toCompletableFuture().join(), Said.End.BARGED_IN);
            return window.promptEnded(said, time.nanos());
        }

        /** Whether what the caller did has stopped what was spoken. */
        boolean stopped() {
            return stopped;
        }

        /** The next verb finds it being spoken. */
        void leaveSpeaking() {
            left = true;
            prompts.leave(speaking);
        }

        /** Whoever takes the language listens, without a gap; nothing is stopped behind that. */
        void leaveListening(Consumer<String> on) {
            on.accept(language);
            listensOn = true;
        }

        /**
         * How far it came.
         *
         * @param ifStopped what it is called where this stops it
         */
        Said said(Said.End ifStopped) {
            return said == null ? prompts.stopped(playback, ifStopped) : said;
        }

        @Override
        public void close() {
            if (!left) {
                playback.stop();
            }
            if (!listensOn) {
                hearing.prompt(false);
                hearing.stop();
            }
        }

        private long untilTick(long heardUntil) {
            long due = window.nextTick();
            if (due <= heardUntil) {
                return 0;
            }
            return due == ReplyWindow.NEVER
                    ? Happenings.PATIENCE_NANOS
                    : Math.clamp(
                            due - time.nanos(), Hearing.LAG_LOOK_NANOS, Happenings.PATIENCE_NANOS);
        }

        /**
         * That nothing was said in time is known only when all that came in time was heard; what is
         * told of it is looked for after this is asked.
         */
        private long heardUntil() {
            return time.nanos() - hearing.behindNanos();
        }

        private ReplyWindow.Move move(@Nullable Happening happening, long heardUntil) {
            long now = time.nanos();
            if (happening != null && said == null) {
                window.played(Duration.ofMillis(playback.playedMillis()), now);
            }
            return switch (happening) {
                case Happening.KeyDown(char digit, long at) -> window.keyDown(digit, at, now);
                case Happening.Played(Playback which, _) when which.equals(playback) ->
                        said == null ? promptEnded() : ReplyWindow.Move.NOTHING;
                case Happening.Listened(int which, Heard heard) when which == listening ->
                        move(heard, now);
                case Happening.BeganToType() -> window.typing(now);
                case Happening.LineTyped(String line, long began, long at, _) ->
                        typed(line, began, at, now);
                case Happening.Agreed _ -> window.held(state.onHold(), now);
                case null, default -> window.tick(heardUntil);
            };
        }

        private ReplyWindow.Move typed(String line, long began, long at, long now) {
            boolean asked = reading.text().readable(began);
            TypedLine typed = reading.words().read(line, language, expecting, asked);
            return withdrawals.withdraws(typed, at)
                    ? ReplyWindow.Move.NOTHING
                    : window.typed(typed, now);
        }

        private ReplyWindow.Move move(Heard heard, long now) {
            return switch (heard) {
                case Heard.SpeechStarted(long mediaMillis) -> {
                    window.began(hearing.nanosOf(mediaMillis));
                    yield window.speechStarted(now);
                }
                case Heard.Ceased _ -> window.ceased(now);
                case Heard.BegunAnew(long mediaMillis) -> {
                    window.begunAnew(hearing.nanosOf(mediaMillis), now);
                    yield ReplyWindow.Move.NOTHING;
                }
                case Heard.Missed _ -> window.missed(now);
                case Heard.Words said when withdrawals.withdraws(said) -> ReplyWindow.Move.NOTHING;
                case Heard.Likely(SpokenMeaning meaning) ->
                        window.likely(SpokenMeanings.meaning(meaning), now);
                case Heard.Words said -> {
                    wordEndNanos = hearing.nanosOf(said.endOfSpeechMediaMillis());
                    window.began(wordEndNanos - TimeUnit.MILLISECONDS.toNanos(said.speechMillis()));
                    yield window.words(
                            SpokenMeanings.meaning(said.meaning()),
                            new SpokenWords(said.entry()),
                            said.confidence(),
                            said.speechMillis(),
                            said.weak(),
                            now);
                }
                case Heard.Nothing _ -> window.nothing(now);
                case Heard.Failed _ -> window.recogniserFailed(now);
            };
        }
    }
}
