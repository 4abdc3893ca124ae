package org.consentgateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.consentgateway.config.SocketUrl;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.settings.SocketConfig.SocketDialect;
import org.consentgateway.settings.SocketTrial;
import org.consentgateway.testkit.MediaStreamBot;
import org.consentgateway.testkit.SocketPeer;
import org.consentgateway.testkit.SocketServer;
import org.consentgateway.testkit.timing.Nightly;
import org.consentgateway.trial.TrialConsent;
import org.consentgateway.trial.TrialTokenSource;
import org.consentgateway.trial.TrialTokenSource.Reaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an assistant does in a call that nobody may believe, however long it takes. */
@Nightly("waits as a trial does; TryAssistantCommandTest is in each run")
class WrongTokenTest {
    private static final String LATE = "/late";
    private static final String SPOKEN_TO = "/spoken-to";
    private static final int LATE_FRAMES = 200;
    private static final short[] SPEECH = Tone.sine(1000, 400, 8000);

    /** Checks no token, and does not speak at once. */
    private static final class Slow implements SocketServer.Behaviour {
        private final MediaStreamBot others = new MediaStreamBot(new byte[800]);

        @Override
        public void text(SocketPeer peer, String message) throws IOException {
            if (!peer.path().equals(LATE) && !peer.path().equals(SPOKEN_TO)) {
                others.text(peer, message);
            } else if (message.contains("\"event\":\"media\"") && speaks(peer)) {
                peer.send(MediaStreamBot.media(peer, new byte[800]));
            }
        }

        private static boolean speaks(SocketPeer peer) {
            List<SocketPeer.Message> heard = MediaStreamBot.all(peer, "media").toList();
            if (peer.path().equals(LATE)) {
                return heard.size() >= LATE_FRAMES;
            }
            byte[] last = MediaStreamBot.payload(heard.getLast());
            return last[1] != last[2];
        }
    }

    private static Reaction of(String url) throws Exception {
        var trial = new SocketTrial(SocketUrl.parse(url), SocketDialect.named("twilio"));
        var settings =
                SocketTrial.socket(
                        Optional.empty(), Optional.empty(), List.of(), Optional.empty(), 8000);
        return AssistantTrial.reactionTo(
                new TrialConsent(UUID.randomUUID(), UUID.randomUUID(), "wrong"),
                trial.target(settings),
                new TrialTokenSource(null, "assistant"),
                SPEECH);
    }

    @Test
    @Timeout(value = 90, unit = TimeUnit.SECONDS)
    void onlyWhoGoesWithoutAWordIsSaidToBelieveNothing() throws Exception {
        try (SocketServer bots = SocketServer.start(new Slow());
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Reaction> late = callers.submit(() -> of(bots.url(LATE)));
            Future<Reaction> spokenTo = callers.submit(() -> of(bots.url(SPOKEN_TO)));
            Future<Reaction> silent = callers.submit(() -> of(bots.url(MediaStreamBot.SILENT)));
            Future<Reaction> gone = callers.submit(() -> of(bots.url(MediaStreamBot.HANGS_UP)));

            assertThat(late.get()).isEqualTo(Reaction.TALKS);
            assertThat(spokenTo.get()).isEqualTo(Reaction.TALKS);
            assertThat(silent.get()).isEqualTo(Reaction.KEEPS_SILENT);
            assertThat(gone.get()).isEqualTo(Reaction.REFUSES);
        }
    }
}
