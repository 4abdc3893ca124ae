package org.consentgateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.consentgateway.assistant.CallerSides;
import org.consentgateway.assistant.SipTargets;
import org.consentgateway.call.Calls;
import org.consentgateway.call.ConsentCall;
import org.consentgateway.consent.ConsentJournal;
import org.consentgateway.consent.TimeOrderedIds;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.line.TelephoneCaller;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.Notices;
import org.consentgateway.sip.SipEndpoint;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.speech.voice.PromptLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. A running gateway: what it is made of, in the order in which it is put together. What
 * was started last is closed first.
 */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration GOODBYE = Duration.ofSeconds(15);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final SipEndpoint sip;
    private final Calls calls;
    private final GatewayConfig config;

    /**
     * Starts all parts; when it returns, calls are taken.
     *
     * @throws IOException where a file, a port or the store cannot be used
     * @throws BadNoticesException with all that is wrong with the texts
     */
    public static Gateway start(GatewayConfig config) throws IOException, BadNoticesException {
        return start(config, InstantSource.system());
    }

    static Gateway start(GatewayConfig config, InstantSource clock)
            throws IOException, BadNoticesException {
        var starting = new ArrayDeque<AutoCloseable>();
        try {
            return new Gateway(config, clock, starting);
        } catch (IOException | BadNoticesException | RuntimeException e) {
            close(starting);
            throw e;
        }
    }

    private Gateway(GatewayConfig config, InstantSource clock, Deque<AutoCloseable> starting)
            throws IOException, BadNoticesException {
        this.config = config;
        var settings = new Settings(config);
        Supplier<UUID> ids = new TimeOrderedIds(clock, new SecureRandom());

        PromptLibrary prompts = PromptLibrary.open(settings.voice());
        Notices notices = Notices.load(config.notices().directory(), prompts);
        Recogniser recogniser = started(starting, settings.recogniser());
        Ledger ledger = started(starting, Ledger.open(settings.ledger(), clock));
        MediaEngine media = started(starting, MediaEngine.start(settings.media()));

        var store = new LedgerStore(ledger, clock);
        Path late = config.store().keys().resolveSibling("late-records.jsonl");
        var journal =
                new ConsentJournal(store, LateFile.open(late), config.store().commitTimeout());
        var sides = new CallerSides();
        UnaryOperator<InetSocketAddress> advertised = settings.advertisedMedia();
        var exchange =
                new TelephoneCaller.Exchange(
                        media,
                        recogniser,
                        utterance ->
                                utterance.parts().stream()
                                        .map(part -> notices.clip(utterance.notice(), part))
                                        .toList(),
                        sides,
                        advertised,
                        AudioClip.of(Tone.ringBack()),
                        events,
                        clock,
                        System::nanoTime,
                        (_, _) -> {});
        var switchboard =
                new Switchboard(
                        settings.extensions(),
                        settings.limits(),
                        ledger.pseudonyms(),
                        exchange,
                        ids);
        this.sip = started(starting, SipEndpoint.start(settings.sip(), switchboard));
        var targets =
                new SipTargets(
                        sip, media, sides, advertised, settings.assistants(), settings.humans());
        this.calls =
                new Calls(
                        config.limits().calls(),
                        config.limits().callsPerLine(),
                        new ConsentCall.World(
                                journal,
                                notices,
                                targets,
                                switchboard.counting(),
                                clock,
                                System::nanoTime,
                                ids,
                                new SecureRandom()));
        parts.addAll(starting);
        switchboard.open(calls);
    }

    private static <T extends AutoCloseable> T started(Deque<AutoCloseable> parts, T part) {
        parts.push(part);
        return part;
    }

    /** Where SIP is listened on. */
    public List<InetSocketAddress> listening() {
        return sip.listening();
    }

    /** No new calls; waits for those under way, then has the rest say goodbye. */
    public void drain() throws InterruptedException {
        sip.drain();
        calls.drain(config.drain().limit(), GOODBYE);
    }

    @Override
    public void close() {
        close(parts);
    }

    private static void close(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not close: {}", part.getClass().getSimpleName(), e.toString());
            }
        }
    }
}
