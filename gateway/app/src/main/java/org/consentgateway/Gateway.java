package org.consentgateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.consentgateway.cli.Serving.Running;
import org.consentgateway.cli.Serving.Source;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.reload.ShownSettings;

/**
 * A running gateway: what it is made of, in the order in which it is put together. What was started
 * last is closed first, also if a later part cannot start. Thread-safe.
 */
public final class Gateway implements Running {
    private final Telephony telephony;
    private final Outside outside;
    private final Reload reload;
    private final OpenParts parts;

    private Gateway(Telephony telephony, Outside outside, Reload reload, OpenParts parts) {
        this.reload = reload;
        this.telephony = telephony;
        this.outside = outside;
        this.parts = parts;
    }

    /**
     * Starts all parts; when it returns, calls are taken.
     *
     * @throws IOException where a file, a port or the store cannot be used
     * @throws BadNoticesException with all that is wrong with the texts
     */
    public static Gateway start(GatewayConfig config) throws IOException, BadNoticesException {
        return start(config, InstantSource.system());
    }

    /** The same, of a file that can be read again. */
    public static Gateway start(GatewayConfig config, Source again)
            throws IOException, BadNoticesException {
        return start(config, InstantSource.system(), again);
    }

    /**
     * The same at another time: for tests, which cannot wait for a year.
     *
     * @param clock goes as fast as the machine's
     */
    public static Gateway start(GatewayConfig config, InstantSource clock)
            throws IOException, BadNoticesException {
        return start(config, clock, _ -> config);
    }

    private static Gateway start(GatewayConfig config, InstantSource clock, Source again)
            throws IOException, BadNoticesException {
        NoticesReading texts = NoticesReading.of(config, now(clock));
        Startup startup =
                Startup.of(config, clock, System::nanoTime, new ShownSettings(again.file()));
        try (var starting = new OpenParts()) {
            Tokens tokens = Tokens.open(startup);
            CallListeners listeners = starting.add(CallListeners.open(startup, tokens));
            var spoken = new SpokenNotices(config, texts);
            Proof proof = starting.add(Proof.open(startup, spoken::of));
            starting.add(Webhooks.open(startup, proof, listeners));
            starting.add(Counting.open(startup, proof, listeners));
            Audio audio = starting.add(Audio.open(startup));
            var first = new ConfigReading(config, startup.settings(), texts.get());
            spoken.archiveFirst(first, proof, startup.expected());
            Telephony telephony =
                    starting.add(Telephony.open(startup, proof, audio, listeners, tokens, first));
            Monitoring monitoring =
                    starting.add(
                            Monitoring.start(startup, proof, audio, telephony, listeners, spoken));
            PublishedTiles.open(startup, listeners).ifPresent(starting::add);
            var reload =
                    new Reload(
                            startup,
                            again,
                            new Reload.Calling(proof, spoken, telephony),
                            monitoring);
            Outside outside =
                    starting.add(
                            Outside.open(
                                    startup,
                                    proof,
                                    new Outside.Inside(audio, telephony, monitoring, reload),
                                    tokens));
            telephony.takeCalls();
            return new Gateway(telephony, outside, reload, starting.keep());
        }
    }

    private static ZonedDateTime now(InstantSource clock) {
        return clock.instant().atZone(ZoneOffset.UTC);
    }

    /** Where SIP is listened on. */
    public List<InetSocketAddress> listening() {
        return telephony.sip().listening();
    }

    /** Where HTTP is listened on. */
    public int webPort() {
        return outside.web().port();
    }

    /**
     * Where the API is listened on.
     *
     * @throws java.util.NoSuchElementException where it is not
     */
    public int apiPort() {
        return outside.api().orElseThrow().port();
    }

    /**
     * Where the console is listened on.
     *
     * @throws java.util.NoSuchElementException where it is not
     */
    public int consolePort() {
        return outside.console().orElseThrow().port();
    }

    public int active() {
        return telephony.calls().active();
    }

    /** No new calls; waits for those under way, then has the rest say goodbye. */
    @Override
    public void drain() throws InterruptedException {
        telephony.drain();
    }

    @Override
    public void reload() {
        reload.reload();
    }

    @Override
    public void close() {
        parts.close();
    }
}
