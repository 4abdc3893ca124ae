/**
 * Documents that a company needs beside the gateway (DPIA, record of processing and others), filled
 * from what is configured. Start reading at {@link org.consentgateway.compliance.CompliancePack}.
 */
@NullMarked
package org.consentgateway.compliance;

import org.jspecify.annotations.NullMarked;
