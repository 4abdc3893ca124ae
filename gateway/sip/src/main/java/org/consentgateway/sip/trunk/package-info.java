/**
 * Whom we know and how they call: trunks with their networks and numbers, accounts, and who calls\n
 * * whom by the headers a trunk is believed in.
 */
@NullMarked
package org.consentgateway.sip.trunk;

import org.jspecify.annotations.NullMarked;
