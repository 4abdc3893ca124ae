package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.jena.graph.Graph;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.shacl.Shapes;
import org.apache.jena.shacl.ValidationReport;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.entry.NewEntry;
import org.consentgateway.ledger.store.LedgerSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Receipts in the terms of ISO/IEC TS 27560, read as RDF by Apache Jena and held against SHACL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReceiptShapesTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Records.START);
    private static final Shapes SHAPES =
            Shapes.parse(RDFDataMgr.loadGraph("src/test/resources/dpv-27560.ttl"));

    @TempDir private static Path directory;

    private ObjectNode given = Records.JSON.createObjectNode();
    private ObjectNode withdrawn = Records.JSON.createObjectNode();
    private ObjectNode replaced = Records.JSON.createObjectNode();

    @BeforeAll
    void twoReceipts() throws Exception {
        LedgerSettings settings = TestStore.SQLITE.settings(directory);
        try (Ledger ledger = Ledger.open(settings, CLOCK)) {
            ledger.keep(List.of(SpokenConsent.NOTICE), Records.START);
            NewEntry consent = SpokenConsent.given(true);
            Records.append(ledger, consent);
            given = Records.receipt(ledger, settings, consent.id()).dpv();
            NewEntry end = SpokenConsent.about(EntryType.WITHDRAWN, consent.id());
            end.payload().putObject("withdrawal").put("at", "2026-11-24T09:05:00Z");
            Records.append(ledger, end);
            withdrawn = Records.receipt(ledger, settings, consent.id()).dpv();
            replaced = replaced(ledger, settings);
        }
    }

    /** First of one purpose less, then by another consent. */
    private static ObjectNode replaced(Ledger ledger, LedgerSettings settings) throws Exception {
        NewEntry consent = SpokenConsent.given(true);
        NewEntry ended = SpokenConsent.about(EntryType.PURPOSE_DECIDED, consent.id());
        ended.payload()
                .putObject("decision")
                .put("purpose", "transcript")
                .put("outcome", "ENDED")
                .put("method", "KEY");
        NewEntry other = SpokenConsent.given(true);
        other.payload().put("refers_to", consent.id().toString());
        Records.append(ledger, List.of(consent, ended, other));
        return Records.receipt(ledger, settings, consent.id()).dpv();
    }

    private static ValidationReport report(JsonNode receipt) {
        Graph graph = RDFParser.fromString(receipt.toString(), Lang.JSONLD11).toGraph();
        return ShaclValidator.get().validate(SHAPES, graph);
    }

    private static String said(ValidationReport report) {
        List<String> said = new ArrayList<>();
        report.getEntries().forEach(entry -> said.add(entry.toString()));
        return String.join("\n", said);
    }

    @Test
    void everyMandatoryFieldIsThereAndOfItsKind() {
        for (ObjectNode receipt : List.of(given, withdrawn, replaced)) {
            ValidationReport report = report(receipt);
            assertThat(report.conforms()).as(said(report)).isTrue();
            Graph graph = RDFParser.fromString(receipt.toString(), Lang.JSONLD11).toGraph();
            assertThat(graph.size()).as("triples: there was something to check").isGreaterThan(100);
        }
    }

    /** The shapes would find it: no field may be missing, and no term be a mere text. */
    @Test
    void whateverIsTakenAwayIsMissed() {
        String record = "/dpv:hasRecordOfActivity";
        String process = record + "/dpv:hasProcess/1";
        for (String at :
                List.of(
                        "/dct:conformsTo",
                        "/dct:created",
                        "/dct:publisher",
                        "/dct:recipient",
                        "/dpv:hasRecordOfActivity/dct:conformsTo",
                        record + "/dct:identifier",
                        record + "/dpv:hasDataSubject",
                        record + "/dpv:hasNotice",
                        record + "/dpv:hasNotice/dct:language",
                        record + "/dpv:hasNotice/schema:hasPart",
                        record + "/dpv:hasConsentStatus",
                        record + "/dpv:hasConsentStatus/dpv:isIndicatedAtTime",
                        record + "/dpv:hasConsentStatus/dpv:isIndicatedBy",
                        record + "/dpv:hasConsentStatus/dpv:hasDuration",
                        record + "/dpv:hasEntity/0",
                        record + "/dpv:hasEntity/1",
                        record + "/dpv:hasEntity/2",
                        record + "/dpv:hasEntity/1/dpv:hasName",
                        record + "/dpv:hasEntity/1/schema:contactPoint",
                        process + "/dpv:hasPurpose",
                        process + "/dpv:hasPurpose/dct:description",
                        process + "/dpv:hasLegalBasis",
                        process + "/dpv:hasPersonalData",
                        process + "/dpv:hasPersonalData/0/dpv:hasNecessity",
                        process + "/dpv:hasDataController",
                        process + "/dpv:hasDataSource",
                        process + "/dpv:hasProcessing",
                        process + "/dpv:hasStorageCondition/0",
                        process + "/dpv:hasStorageCondition/1",
                        process + "/dpv:hasRecipient",
                        process + "/dpv:hasJurisdiction",
                        process + "/dpv:hasConsentControl",
                        process + "/dpv:hasRight",
                        "/@context/dpv:hasLegalBasis",
                        "/@context/dpv:hasRight",
                        "/@context/dct:created")) {
            ObjectNode less = given.deepCopy();
            JsonNode parent = less.at(at.substring(0, at.lastIndexOf('/')));
            String name = at.substring(at.lastIndexOf('/') + 1);
            JsonNode gone =
                    parent instanceof ArrayNode array
                            ? array.remove(Integer.parseInt(name))
                            : ((ObjectNode) parent).remove(name);
            assertThat(gone).as(at).isNotNull();
            assertThat(report(less).conforms()).as(at).isFalse();
        }
    }
}
