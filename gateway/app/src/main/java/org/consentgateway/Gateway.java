package org.consentgateway;

import org.consentgateway.admission.CpuShare;
import org.consentgateway.admission.Shedding;
import org.consentgateway.admission.Switchboard;
import org.consentgateway.admission.TrunkLoad;
import org.consentgateway.call.CallListener;
import org.consentgateway.call.CallServices;
import org.consentgateway.call.Calls;
import org.consentgateway.call.Utterance;
import org.consentgateway.cli.Serving;
import org.consentgateway.consent.journal.ConsentJournal;
import org.consentgateway.consent.journal.Expiries;
import org.consentgateway.consent.journal.TimeOrderedIds;
import org.consentgateway.demo.DemoAgent;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.line.TelephoneCaller;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.media.audio.Tone;
import org.consentgateway.media.audio.Wav;
import org.consentgateway.metrics.CallMeters;
import org.consentgateway.metrics.Gauges;
import org.consentgateway.metrics.Meters;
import org.consentgateway.metrics.Totals;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.proof.LateFile;
import org.consentgateway.proof.LedgerPseudonyms;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.reporting.Health;
import org.consentgateway.reporting.PartCounters;
import org.consentgateway.reporting.Peers;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.Settings;
import org.consentgateway.settings.SipConfiguration;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.speech.Recogniser;
import org.consentgateway.target.CallerSides;
import org.consentgateway.target.SipTargets;
import org.consentgateway.web.DecisionsToday;
import org.consentgateway.web.Scraped;
import org.consentgateway.web.Web;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Thread-safe. A running gateway: what it is made of, in the order in which it is put together.
 * What was started last is closed first.
 */
public final class Gateway implements Serving.Running {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final int ASSISTANT_PORT = 5070;
    private static final int HUMAN_PORT = 5071;
    private static final Duration GOODBYE = Duration.ofSeconds(15);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final SipEndpoint sip;
    private final Calls calls;
    private final Web web;
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
        return start(config, clock, Stage.SERVICE, SharedTexts.of(config));
    }

    static Gateway start(GatewayConfig config, InstantSource clock, Stage stage, SharedTexts texts)
            throws IOException, BadNoticesException {
        var starting = new ArrayDeque<AutoCloseable>();
        try {
            return new Gateway(config, clock, stage, texts, starting);
        } catch (IOException | BadNoticesException | RuntimeException e) {
            close(starting);
            throw e;
        }
    }

    private Gateway(
            GatewayConfig config,
            InstantSource clock,
            Stage stage,
            SharedTexts texts,
            Deque<AutoCloseable> starting)
            throws IOException, BadNoticesException {
        this.config = config;
        var settings = new Settings(config);
        Supplier<UUID> ids = new TimeOrderedIds(clock, new SecureRandom());
        Meters meters = started(starting, new Meters().withProcess());
        var callMeters = new CallMeters(meters);
        var today = new DecisionsToday(clock, ZoneId.systemDefault());
        CallListener listener =
                CallListener.all(List.of(callMeters, today, stage.log()), Gateway::listenerFailed);

        Recogniser recogniser = started(starting, settings.recogniser(System::nanoTime));
        Ledger ledger = started(starting, Ledger.open(settings.ledger(), clock));
        MediaEngine media = started(starting, MediaEngine.start(settings.media()));
        NoticeLibrary notices = texts.get();

        var store = new LedgerStore(ledger, config.store().location());
        LateFile late = LateFile.open(config.store().keys().resolveSibling("late-records.jsonl"));
        var journal = new ConsentJournal(store, late, config.store().commitTimeout(), ids);
        var sides = new CallerSides();
        TrunkLoad trunks = settings.trunkLoad(System::nanoTime);
        Shedding shedding = settings.shedding();
        UnaryOperator<InetSocketAddress> advertised = settings.advertisedMedia();
        var exchange =
                new TelephoneCaller.Exchange(
                        media,
                        recogniser,
                        said -> clips(notices, said, stage),
                        sides,
                        advertised,
                        Tone.ringBack(),
                        listener,
                        clock,
                        System::nanoTime,
                        facts -> trunks.leave(facts.trunk()));
        var switchboard =
                new Switchboard(
                        settings.dialPlan(),
                        settings.capacity(trunks, shedding),
                        new LedgerPseudonyms(ledger.pseudonyms()),
                        exchange,
                        ids);
        this.sip =
                started(
                        starting,
                        SipEndpoint.start(
                                settings.sip(),
                                switchboard,
                                SipConfiguration.machine(config, System::nanoTime)));
        var targets =
                new SipTargets(
                        sip, media, sides, advertised, settings.assistants(), settings.humans());
        this.calls =
                new Calls(
                        config.limits().calls(),
                        config.limits().callsPerLine(),
                        new CallServices(
                                journal,
                                notices,
                                targets,
                                listener,
                                clock,
                                System::nanoTime,
                                ids,
                                new SecureRandom()));
        var health = new Health(config, sip::registrations, ledger, recogniser, calls, today);
        var gauges = new Gauges(meters);
        health.show(gauges, media, clock);
        gauges.sip(sip::dialogs, sip::transactions);
        gauges.listening(() -> recogniser.totals().listening());
        sip.registrations()
                .forEach(one -> gauges.registered(one.trunk(), () -> registered(one.trunk())));
        stage.beforeOpening().run();
        var counters = new PartCounters(sip::counters, recogniser::totals, new Totals(meters));
        var tasks = started(starting, new PeriodicTasks());
        var busy = new CpuShare(System::nanoTime);
        // On a thread of its own: it must not wait for the store.
        started(starting, new PeriodicTasks())
                .every(
                        Duration.ofMillis(250),
                        "load",
                        () -> shedding.read(busy.read(), media.totals().paceLagNanos()));
        tasks.every(Duration.ofMinutes(1), "expiries", expiries(store, journal, ids, clock));
        tasks.every(Duration.ofHours(1), "retention", ledger::eraseOutdated);
        tasks.every(Duration.ofSeconds(5), "late records", journal::writeKept);
        // On a thread of its own: erasing what is outdated may take long, a withdrawal must not.
        started(starting, new PeriodicTasks())
                .every(
                        Duration.ofSeconds(1),
                        "withdrawals elsewhere",
                        () -> journal.inUse().look(store));
        this.web =
                started(
                        starting,
                        Web.start(
                                config.web().listen().socketAddress(),
                                health::status,
                                accepted -> {
                                    counters.read();
                                    return scraped(meters, accepted);
                                },
                                new Peers(sip, config)));
        if (config.demo().agents()) {
            startDemoAgents(starting, media, settings.demoSentences());
        }
        parts.addAll(starting);
        switchboard.open(calls);
        if (!config.sip().keepAlive().isZero()) {
            sip.watch(SipConfiguration.watched(config), config.sip().keepAlive());
        }
    }

    /** An assistant and a human of our own, so that a first call finds somebody. */
    private static void startDemoAgents(
            Deque<AutoCloseable> starting, MediaEngine media, Path sentences) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        AudioClip assistant = Wav.read(sentences.resolve("assistant.wav")).clip();
        AudioClip human = Wav.read(sentences.resolve("human.wav")).clip();
        started(
                starting,
                DemoAgent.start(new InetSocketAddress(here, ASSISTANT_PORT), media, assistant));
        started(starting, DemoAgent.start(new InetSocketAddress(here, HUMAN_PORT), media, human));
    }

    private static void listenerFailed(CallListener who, RuntimeException mistake) {
        LOG.error("{} failed at what happened in a call", who.getClass().getSimpleName(), mistake);
    }

    private boolean registered(String trunk) {
        return sip.registrations().stream()
                .anyMatch(one -> one.trunk().equals(trunk) && one.registered());
    }

    private static Scraped scraped(Meters meters, String accepted) {
        Meters.Scrape scrape = meters.scrape(accepted);
        return new Scraped(scrape.contentType(), scrape.text());
    }

    private static List<AudioClip> clips(NoticeLibrary notices, Utterance said, Stage stage) {
        return said.parts().stream()
                .map(part -> stage.sound().apply(notices.clip(said.notice(), part)))
                .toList();
    }

    private static PeriodicTasks.Task expiries(
            LedgerStore store, ConsentJournal journal, Supplier<UUID> ids, InstantSource clock) {
        var expiries = new Expiries(store, journal, ids);
        return () -> {
            while (expiries.write(clock.instant()) == Expiries.BATCH) {
                // the next batch
            }
        };
    }

    private static <T extends AutoCloseable> T started(Deque<AutoCloseable> parts, T part) {
        parts.push(part);
        return part;
    }

    /** Where SIP is listened on. */
    public List<InetSocketAddress> listening() {
        return sip.listening();
    }

    /** Where HTTP is listened on. */
    public int webPort() {
        return web.port();
    }

    public int active() {
        return calls.active();
    }

    /** No new calls; waits for those under way, then has the rest say goodbye. */
    @Override
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
