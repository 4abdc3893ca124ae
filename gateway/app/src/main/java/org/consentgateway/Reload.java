package org.consentgateway;

import java.io.IOException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.consentgateway.cli.LogOutput;
import org.consentgateway.cli.Serving;
import org.consentgateway.config.SettingsInForce;
import org.consentgateway.config.WrongConfiguration;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.settings.Cautions;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.settings.RecordSettings;
import org.consentgateway.settings.reload.ChangedConfig;
import org.consentgateway.settings.reload.FileStamps;
import org.consentgateway.web.Reloading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. Reads the configuration again while calls are under way. All of it is read, checked
 * and made before anything is changed, so it counts as a whole or not at all; calls under way keep
 * what they came in with.
 */
final class Reload implements Reloading {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private final Startup startup;
    private final Serving.Source source;
    private final Proof proof;
    private final SpokenNotices spoken;
    private final Telephony telephony;
    private final Monitoring monitoring;
    private final ReentrantLock one = new ReentrantLock(true);

    /** What files held that are read once. */
    private final FileStamps atStart;

    /** Guarded by the lock. */
    private FileStamps files;

    Reload(Startup startup, Serving.Source source, Calling calling, Monitoring monitoring) {
        this.startup = startup;
        this.source = source;
        this.proof = calling.proof();
        this.spoken = calling.spoken();
        this.telephony = calling.telephony();
        this.monitoring = monitoring;
        this.atStart = FileStamps.of(startup.config());
        this.files = atStart;
    }

    /** Immutable. What it changes. */
    record Calling(Proof proof, SpokenNotices spoken, Telephony telephony) {}

    @Override
    public Outcome reload() {
        if (one.hasQueuedThreads()) {
            // Whoever waits reads what this one would; nobody keeps the machine at reading.
            return Outcome.refused("it is being read already, and will be once more: ask again");
        }
        one.lock();
        try {
            Outcome outcome = attempt();
            monitoring.reloads().read(outcome.isDone(), startup.clock().instant());
            tell(outcome);
            return outcome;
        } finally {
            one.unlock();
        }
    }

    private Outcome attempt() {
        GatewayConfig running = telephony.config();
        try {
            GatewayConfig file = source.read(next -> ChangedConfig.of(running, next).inForce());
            ChangedConfig change = ChangedConfig.of(running, file);
            FileStamps now = FileStamps.of(change.inForce());
            ConfigReading next = read(change.inForce());
            Telephony.FromFiles prepared = telephony.prepare(next);
            archive(next); // the last that may refuse
            List<String> changed = new ArrayList<>(change.changed());
            changed.addAll(now.changedSince(files));
            changed.addAll(next.textsOtherThan(telephony.reading()));
            List<String> atRestart = new ArrayList<>(change.atRestart());
            atRestart.addAll(now.atRestartSince(atStart));
            atRestart.addAll(prepared.atRestart());
            List<SettingsInForce.One> shown = startup.shown().next();
            use(next, prepared);
            startup.shown().use(shown);
            files = now;
            return new Outcome("", changed, atRestart);
        } catch (WrongConfiguration e) {
            return Outcome.refused(told(e.problems(), "The configuration has"));
        } catch (BadNoticesException e) {
            return Outcome.refused(told(e.problems(), "The texts and recordings have"));
        } catch (IOException e) {
            return Outcome.refused(e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (LedgerUnavailable e) {
            return Outcome.refused(
                    "the store is not there, so nobody can tell whether texts that differ from"
                            + " those in force were spoken otherwise before; nothing was changed."
                            + " Ask again when it is there: "
                            + e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the configuration could not be read again", e);
            return Outcome.refused("it could not be read: " + e.getClass().getSimpleName());
        }
    }

    /** What is in force already needs no store. */
    private void archive(ConfigReading next) throws BadNoticesException, LedgerUnavailable {
        try {
            spoken.archive(next, proof, startup.expected());
        } catch (LedgerUnavailable e) {
            if (!SpokenNotices.isHeardBy(next, telephony.reading(), startup.expected())) {
                throw e;
            }
        }
    }

    /** As at a start, and as check-config does. */
    private ConfigReading read(GatewayConfig config) throws BadNoticesException, IOException {
        var settings = new PartSettings(config);
        var _ = settings.lexicons();
        ZonedDateTime now = startup.expected().instant().atZone(ZoneOffset.UTC);
        return new ConfigReading(config, settings, NoticesReading.behindVoices(config, now).get());
    }

    /** From here on nothing can fail. */
    private void use(ConfigReading next, Telephony.FromFiles prepared) {
        spoken.use(next);
        proof.store().tell(new RecordSettings(next.config()).processing());
        telephony.use(next, prepared);
        monitoring.use(startup, next);
        LogOutput.level(next.config().log().level());
    }

    private static String told(List<?> problems, String what) {
        return problems.stream()
                .map(Object::toString)
                .collect(
                        Collectors.joining(
                                System.lineSeparator(),
                                "",
                                System.lineSeparator()
                                        + what
                                        + (problems.size() == 1
                                                ? " one mistake"
                                                : " " + problems.size() + " mistakes")
                                        + "; nothing was changed."));
    }

    private void tell(Outcome outcome) {
        if (!outcome.isDone()) {
            LOG.warn(
                    "configuration not read again, all goes on as before:{}{}",
                    System.lineSeparator(),
                    outcome.refusal());
            return;
        }
        Cautions.of(telephony.config()).forEach(LOG::warn);
        LOG.atInfo()
                .addKeyValue("changed", String.join("; ", outcome.changed()))
                .addKeyValue("restart", String.join("; ", outcome.atRestart()))
                .log("configuration read again");
    }
}
