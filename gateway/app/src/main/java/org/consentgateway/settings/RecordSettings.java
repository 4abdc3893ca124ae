package org.consentgateway.settings;

import java.time.Period;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.consentgateway.consent.request.Task;
import org.consentgateway.proof.Processing;
import org.consentgateway.proof.Retention;

/** Immutable. What the configuration says of records: how long they are kept, what they tell. */
public final class RecordSettings {
    private final GatewayConfig config;

    public RecordSettings(GatewayConfig config) {
        this.config = config;
    }

    public Retention retention() {
        GatewayConfig.Retention kept = config.retention();
        return new Retention(kept.served(), kept.unanswered(), kept.refused(), kept.events());
    }

    /** How long what callers leave for a person is kept, from when they left it. */
    public Map<Task.Kind, Period> tasks() {
        return Map.of(
                Task.Kind.CALL_BACK, config.retention().callBacks(),
                Task.Kind.COMPLAINT, config.retention().complaints());
    }

    public Processing processing() {
        Map<String, Processing.OfPurpose> purposes = new HashMap<>();
        config.processing()
                .purposes()
                .forEach(one ->
                        purposes.put(
                                one.purpose(), new Processing.OfPurpose(one.data(), one.kept())));
        return new Processing(
                config.store().location(),
                config.processing().authority().orElse(""),
                purposes,
                config.processing().recipients().stream().map(RecordSettings::recipient).toList(),
                withdrawal());
    }

    private static Processing.Recipient recipient(ProcessingConfig.Recipient one) {
        return new Processing.Recipient(
                one.name(),
                one.address(),
                one.role().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                one.country(),
                one.purposes());
    }

    private Map<String, Processing.Withdrawal> withdrawal() {
        List<String> heard =
                config.speech().enabled()
                        ? List.copyOf(config.speech().models().keySet())
                        : List.of();
        Map<String, Processing.Withdrawal> ways = new HashMap<>();
        for (LineConfig line : config.lines()) {
            List<String> privacy =
                    config.lines().stream()
                            .filter(each -> each.dialog() == LineConfig.Dialog.PRIVACY)
                            .filter(each -> each.notice().equals(line.notice()))
                            .map(each -> each.numbers().getFirst())
                            .toList();
            ways.put(line.name(), new Processing.Withdrawal(line.withdrawalKey(), heard, privacy));
        }
        return ways;
    }
}
