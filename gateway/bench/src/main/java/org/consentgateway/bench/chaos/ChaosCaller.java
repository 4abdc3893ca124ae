package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
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
        WITHDRAWS
    }

    /** How long the talk behind an answer lasts, and that behind a withdrawal. */
    private static final Duration TALK = Duration.ofMillis(1500);

    private static final Duration UNTIL_ANSWERED = Duration.ofSeconds(8);
    private static final Duration UNTIL_OVER = Duration.ofSeconds(12);

    /** Behind the opening, which is cut short, the question can be answered. */
    private static final Duration UNTIL_KEY = Duration.ofMillis(1800);

    private static final Duration SHORT = Duration.ofMillis(300);

    private final Wish wish;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch served = new CountDownLatch(1);
    private volatile long soundAt;
    private volatile long longestSilence;
    private volatile boolean heardAssistant;
    private volatile Telephone.@Nullable Outcome outcome;
    private boolean withdrew;
    private boolean agreed;

    ChaosCaller(Wish wish) {
        this.wish = wish;
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
        Telephone telephone = Telephone.calls(gateway, line, number, this);
        try (telephone) {
            if (answered.await(UNTIL_ANSWERED.toMillis(), TimeUnit.MILLISECONDS)) {
                soundAt = System.nanoTime();
                telephone.say(Sounds.BEFORE.octets());
                play(telephone);
                silenceUntilNow();
            }
            telephone.hangUp();
            over.await(UNTIL_OVER.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void play(Telephone telephone) throws InterruptedException {
        switch (wish) {
            case HANGS_UP_IN_THE_OPENING -> pause(SHORT);
            case SAYS_NOTHING -> pause(UNTIL_OVER);
            case NO -> {
                pause(UNTIL_KEY);
                telephone.press('2');
                pause(TALK.multipliedBy(2));
            }
            case YES -> {
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
        telephone.say(Sounds.AGREED.octets());
        telephone.press('1');
        telephone.pressed();
        agreed = true;
        served.await(UNTIL_OVER.toMillis() / 2, TimeUnit.MILLISECONDS);
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
        boolean assistant = Sounds.ASSISTANT.isIn(octets, law);
        if (assistant || Sounds.HUMAN.isIn(octets, law)) {
            heardAssistant |= assistant;
            served.countDown();
        }
    }
}
