/** A certificate for tests, which nobody trusts: of the host `secure.test`, from 2020 to 2120. Made with `openssl ca -selfsign`. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBZzCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAWMRQwEgYDVQQDDAtzZWN1cmUu
dGVzdDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFjEUMBIGA1UE
AwwLc2VjdXJlLnRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARsIXEk7poN
AEsIyrrwofqz8Oq/Kim6Yn+9XyhFFUdlrAEDZzajs8CBMlhBnd7U+63knTwPQC0G
jVzsaLKJAmako0owSDAWBgNVHREEDzANggtzZWN1cmUudGVzdDAPBgNVHRMBAf8E
BTADAQH/MB0GA1UdDgQWBBRmUjqyvrNUrC+KT3h2e/HabN5sezAKBggqhkjOPQQD
AgNIADBFAiATBJrCT7XD7X3ElM002gjb1emqvzh/1iA3P/5+vfQwgAIhAJEOUCzZ
nZN6t+c+LMNX2M3dNHTtRb2gn52bQYObAv0u
-----END CERTIFICATE-----
`;

export const certificateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgqBZNBsnbRX9m2ACV
flqvtodhLC8ssY07D7iJFUlmK86hRANCAARsIXEk7poNAEsIyrrwofqz8Oq/Kim6
Yn+9XyhFFUdlrAEDZzajs8CBMlhBnd7U+63knTwPQC0GjVzsaLKJAmak
-----END PRIVATE KEY-----
`;
