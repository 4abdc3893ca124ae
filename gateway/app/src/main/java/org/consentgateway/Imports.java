package org.consentgateway;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.consentgateway.consent.Notice;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.notice.BadNoticesException;
import org.consentgateway.notice.NoticeLibrary;
import org.consentgateway.proof.LedgerPseudonyms;
import org.consentgateway.proof.LedgerStore;
import org.consentgateway.proof.NoticeArchiving;
import org.consentgateway.proof.imports.ConsentImport;
import org.consentgateway.proof.imports.ImportTerms;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.settings.ImportSettings;
import org.consentgateway.settings.PartSettings;
import org.consentgateway.settings.RecordSettings;

/** How consents from elsewhere come in. */
final class Imports {
    private Imports() {}

    /**
     * @param reading asked anew for each import
     */
    static ConsentImport of(Supplier<ConfigReading> reading, Ledger ledger, LedgerStore store) {
        return new ConsentImport(
                () -> terms(reading.get()),
                store,
                new LedgerPseudonyms(ledger.pseudonyms()),
                ledger.pseudonyms()::reference);
    }

    private static ImportTerms terms(ConfigReading reading) {
        return ImportSettings.terms(reading.config(), new Spoken(reading.notices()));
    }

    /** Beside the gateway. */
    static ConsentImport beside(
            GatewayConfig config, NoticesReading texts, Ledger ledger, InstantSource clock) {
        var records = new RecordSettings(config);
        var store =
                new LedgerStore(
                        ledger,
                        new NoticeArchiving(ledger, clock, new SpokenNotices(config, texts)::of),
                        records.retention(),
                        records.processing());
        try {
            var reading = new ConfigReading(config, new PartSettings(config), texts.get());
            return of(() -> reading, ledger, store);
        } catch (BadNoticesException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Thread-safe. */
    private record Spoken(NoticeLibrary library) implements ImportTerms.KnownTexts {
        @Override
        public Set<String> languages(String lineage) {
            return library.languages(lineage);
        }

        @Override
        public List<Notice> all(String lineage, String language) {
            return library.all(lineage, language);
        }
    }
}
