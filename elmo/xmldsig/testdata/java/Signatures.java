import java.io.File;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Node;

/**
 * Verifies and makes XML signatures with the JDK, as partners of EMREX do.
 *
 * <pre>
 * java Signatures.java verify CERTIFICATE FILE...          prints "true FILE" or "false FILE"
 * java Signatures.java sign KEY CERTIFICATE FILE FOLDER    writes FOLDER/0.xml and so on
 * </pre>
 */
public class Signatures {
    static final XMLSignatureFactory XML = XMLSignatureFactory.getInstance("DOM");
    static final String MORE = "http://www.w3.org/2001/04/xmldsig-more#";
    static final String[] DIGESTS = {
        "http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2001/04/xmlenc#sha256",
        MORE + "sha384", "http://www.w3.org/2001/04/xmlenc#sha512",
    };
    static final String[] FORMS = {
        CanonicalizationMethod.INCLUSIVE, CanonicalizationMethod.EXCLUSIVE,
        "http://www.w3.org/2006/12/xml-c14n11", CanonicalizationMethod.INCLUSIVE_WITH_COMMENTS,
        CanonicalizationMethod.EXCLUSIVE_WITH_COMMENTS, "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    };

    public static void main(String[] args) throws Exception {
        if (args[0].equals("verify")) {
            X509Certificate certificate = certificate(args[1]);
            for (int i = 2; i < args.length; i++) {
                System.out.println(verify(certificate, args[i]) + " " + args[i]);
            }
            return;
        }
        X509Certificate certificate = certificate(args[2]);
        PrivateKey key = key(args[1], certificate.getPublicKey().getAlgorithm());
        String prefix = key.getAlgorithm().equals("RSA") ? "rsa-sha" : "ecdsa-sha";
        int n = 0;
        for (String size : new String[] {"256", "384", "512"}) {
            for (String digest : DIGESTS) {
                for (String form : FORMS) {
                    sign(key, certificate, args[3], args[4] + "/" + n + ".xml", MORE + prefix + size, digest, form, n % 2 == 0);
                    n++;
                }
            }
        }
    }

    static boolean verify(X509Certificate certificate, String file) throws Exception {
        Document doc = parse(file);
        Node signature = null;
        for (Node n = doc.getDocumentElement().getFirstChild(); n != null; n = n.getNextSibling()) {
            if (XMLSignature.XMLNS.equals(n.getNamespaceURI()) && "Signature".equals(n.getLocalName())) {
                signature = n;
            }
        }
        DOMValidateContext context = new DOMValidateContext(certificate.getPublicKey(), signature);
        return XML.unmarshalXMLSignature(context).validate(context);
    }

    static void sign(PrivateKey key, X509Certificate certificate, String from, String to, String method, String digest,
            String form, boolean explicit) throws Exception {
        Document doc = parse(from);
        List<Transform> transforms = new ArrayList<>();
        transforms.add(XML.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null));
        if (explicit) {
            transforms.add(XML.newTransform(form, (TransformParameterSpec) null));
        }
        Reference reference = XML.newReference("", XML.newDigestMethod(digest, null), transforms, null, null);
        SignedInfo info = XML.newSignedInfo(XML.newCanonicalizationMethod(form, (C14NMethodParameterSpec) null),
            XML.newSignatureMethod(method, null), List.of(reference));
        KeyInfoFactory keys = XML.getKeyInfoFactory();
        KeyInfo keyInfo = keys.newKeyInfo(List.of(keys.newKeyValue(certificate.getPublicKey()),
            keys.newX509Data(List.of(certificate.getSubjectX500Principal().getName(), certificate))));
        DOMSignContext context = new DOMSignContext(key, doc.getDocumentElement());
        context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.FALSE);
        XML.newXMLSignature(info, keyInfo).sign(context);
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(doc), new StreamResult(new File(to)));
    }

    static Document parse(String file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new File(file));
    }

    static X509Certificate certificate(String file) throws Exception {
        try (FileInputStream in = new FileInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    static PrivateKey key(String file, String algorithm) throws Exception {
        String pem = Files.readString(Path.of(file)).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    }
}
