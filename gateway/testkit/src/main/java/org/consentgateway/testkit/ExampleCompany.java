package org.consentgateway.testkit;

/**
 * The company of the shipped texts, which speaks in the demonstration only: tests and load programs
 * are none and put a company of their own in its place.
 */
public final class ExampleCompany {
    private ExampleCompany() {}

    /**
     * A notice, or a line of a prompt's text, with another name, address and signature.
     *
     * @param text YAML or plain text as shipped
     */
    public static String replacedIn(String text) {
        return text.replaceAll("(?m)^  contact: .*", "  contact: 1 Harbour Road, Kiel")
                .replaceAll("(?m)^  who: .*", "  who: Ada Holm")
                .replace("Example Company", "Northwind")
                .replace("Sample Ltd", "Fjord Ltd")
                .replace("Musterfirma", "Nordwind")
                .replace("Firma Beispiel", "Firma Fjord")
                .replace("Musterweg", "Harbour Road")
                .replace("Beispielweg", "Fjordweg")
                .replace("Musterstadt", "Kiel")
                .replace("Société Exemple", "Vent du Nord")
                .replace("Société Modèle", "Société Fjord")
                .replace("rue Exemple", "rue du Port")
                .replace("Örnek Şirketi", "Kuzey Şirketi")
                .replace("Model Şirketi", "Fiyort Şirketi")
                .replace("Örnek Sokak", "Liman Sokak");
    }
}
