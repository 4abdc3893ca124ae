package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.Telephone;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its INVITE to its end, and what came of it. Confined to its thread, but where
 * said.
 */
final class ChaosCaller implements Telephone.Listener {
    /** What a caller wants. */
    enum Wish {
        YES,
        NO,
        SAYS_NOTHING,
        HANGS_UP_IN_THE_OPENING,
        /** A yes, a talk, and then *9. */
        WITHDRAWS,
        /** A yes, a talk, and then not another packet: the telephone lost its network. */
        VANISHES
    }

    /** How long the talk behind an answer lasts, and that behind a withdrawal. */
    private static final Duration TALK = Duration.ofMillis(1500);

    private static final Duration UNTIL_ANSWERED = Duration.ofSeconds(8);
    private static final Duration UNTIL_OVER = Duration.ofSeconds(12);

    /** Behind the opening, which is cut short, the question can be answered. */
    private static final Duration UNTIL_KEY = Duration.ofMillis(1800);

    private static final Duration SHORT = Duration.ofMillis(300);

    /** What a speaker says of its own before the question, so that no word is drowned by it. */
    private static final int BEFORE_OCTETS = 8000;

    private static final Duration UNTIL_AGAIN = Duration.ofSeconds(6);

    private final Wish wish;
    private final @Nullable Speech speech;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch served = new CountDownLatch(1);
    private volatile long soundAt;
    private volatile long longestSilence;
    private volatile boolean heardAssistant;
    private volatile Telephone.@Nullable Outcome outcome;
    private volatile boolean heardDone;
    private volatile String number = "";
    private boolean withdrew;
    private boolean agreed;

    /**
     * @param speech null for who presses keys
     */
    ChaosCaller(Wish wish, @Nullable Speech speech) {
        this.wish = wish;
        this.speech = speech;
    }

    /**
     * Immutable. What a caller says aloud, in A-law.
     *
     * @param again where nobody reacts to the first yes
     */
    record Speech(byte[] yes, byte[] no, byte[] again) {
        static Speech of(Words words, Random random) {
            return new Speech(words.yes(random), words.no(random), words.again());
        }
    }

    boolean speaks() {
        return speech != null;
    }

    Wish wish() {
        return wish;
    }

    boolean agreed() {
        return agreed;
    }

    /** Whether *9 was pressed whole while an assistant spoke. */
    boolean withdrew() {
        return withdrew;
    }

    /** Whether the gateway said that the withdrawal is done: then it is on some disk. */
    boolean heardDone() {
        return heardDone;
    }

    /** Its own; empty where it has not called yet. */
    String number() {
        return number;
    }

    /** Whether the gateway ended it while an assistant was being talked to. */
    boolean wasLeftInTheTalk() {
        return heardAssistant
                && !withdrew
                && outcome instanceof Telephone.Outcome.Ended ended
                && !ended.byUs();
    }

    boolean wasAnswered() {
        return answered.getCount() == 0;
    }

    /** How long it heard nothing at all at a time, from the answer on. */
    Duration longestSilence() {
        return Duration.ofNanos(longestSilence);
    }

    boolean heardAssistant() {
        return heardAssistant;
    }

    /** Whether the far end was there at the last moment: it ended the call, or took our BYE. */
    boolean endedWell() {
        return outcome instanceof Telephone.Outcome.Ended;
    }

    void call(InetSocketAddress gateway, String line, String number)
            throws IOException, InterruptedException {
        this.number = number;
        Telephone telephone = Telephone.calls(gateway, line, number, this);
        try (telephone) {
            if (answered.await(UNTIL_ANSWERED.toMillis(), TimeUnit.MILLISECONDS)) {
                soundAt = System.nanoTime();
                byte[] before = Sounds.BEFORE.octets();
                telephone.say(speaks() ? Arrays.copyOf(before, BEFORE_OCTETS) : before);
                play(telephone);
                silenceUntilNow();
            }
            if (wish != Wish.VANISHES) {
                telephone.hangUp();
                over.await(UNTIL_OVER.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void play(Telephone telephone) throws InterruptedException {
        switch (wish) {
            case HANGS_UP_IN_THE_OPENING -> pause(SHORT);
            case SAYS_NOTHING -> pause(UNTIL_OVER);
            case NO -> {
                pause(UNTIL_KEY);
                if (speech == null) {
                    telephone.press('2');
                } else {
                    telephone.say(speech.no());
                    served.await(UNTIL_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                }
                pause(TALK.multipliedBy(2));
            }
            case YES, VANISHES -> {
                agree(telephone);
                pause(TALK);
            }
            case WITHDRAWS -> {
                agree(telephone);
                pause(TALK);
                if (heardAssistant && over.getCount() > 0) {
                    telephone.press('*');
                    telephone.press('9');
                    telephone.pressed();
                    telephone.say(Sounds.WITHDRAWN.octets());
                    withdrew = true;
                    pause(TALK);
                }
            }
        }
    }

    private void agree(Telephone telephone) throws InterruptedException {
        pause(UNTIL_KEY);
        agreed = true;
        if (speech == null) {
            telephone.say(Sounds.AGREED.octets());
            telephone.press('1');
            telephone.pressed();
            served.await(UNTIL_OVER.toMillis() / 2, TimeUnit.MILLISECONDS);
            return;
        }
        // A yes that somebody goes on after is none: not a sound until somebody answers.
        telephone.say(speech.yes());
        if (!served.await(UNTIL_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
            telephone.say(speech.again());
            served.await(UNTIL_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
        telephone.say(Sounds.AGREED.octets());
    }

    /** Until the call is over, at most so long. */
    private void pause(Duration time) throws InterruptedException {
        over.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void silenceUntilNow() {
        longestSilence = Math.max(longestSilence, System.nanoTime() - soundAt);
    }

    // ------------------------------------------------------------ told on the telephone's threads

    @Override
    public void answered() {
        answered.countDown();
    }

    @Override
    public void over(Telephone.Outcome how) {
        outcome = how;
        over.countDown();
        answered.countDown();
        served.countDown();
    }

    @Override
    public synchronized void audio(byte[] octets, Law law) {
        if (soundAt != 0 && Sounds.any(octets, law)) {
            silenceUntilNow();
            soundAt = System.nanoTime();
        }
        heardDone |= Sounds.DONE.isIn(octets, law);
        boolean assistant = Sounds.ASSISTANT.isIn(octets, law);
        if (assistant || Sounds.HUMAN.isIn(octets, law)) {
            heardAssistant |= assistant;
            served.countDown();
        }
    }
}
