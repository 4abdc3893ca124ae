/**
 * The web pages of those who answer for the gateway: rendered here, filled by the API and by
 * nothing else, with the rights of whoever has signed in. Start at {@link
 * org.consentgateway.console.ConsoleServer}; config/console/README.md says how to add a page.
 */
@NullMarked
package org.consentgateway.console;

import org.jspecify.annotations.NullMarked;
