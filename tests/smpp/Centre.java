import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jsmpp.SMPPConstant;
import org.jsmpp.bean.Alphabet;
import org.jsmpp.bean.DataCoding;
import org.jsmpp.bean.ESMClass;
import org.jsmpp.bean.GeneralDataCoding;
import org.jsmpp.bean.InterfaceVersion;
import org.jsmpp.bean.MessageMode;
import org.jsmpp.bean.MessageType;
import org.jsmpp.bean.GSMSpecificFeature;
import org.jsmpp.bean.NumberingPlanIndicator;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.bean.RegisteredDelivery;
import org.jsmpp.bean.SubmitSm;
import org.jsmpp.bean.TypeOfNumber;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.session.BindRequest;
import org.jsmpp.session.SMPPServerSession;
import org.jsmpp.session.SMPPServerSessionListener;
import org.jsmpp.session.ServerMessageReceiverListener;
import org.jsmpp.session.SubmitSmResult;
import org.jsmpp.util.MessageId;

/**
 * A short message centre by jSMPP. On standard input, lines of kind, number and text with tabs between, become texts
 * of subscribers: kind `ucs2`, `ascii` or `receipt`, or `hang`, which ends the connection. What is submitted is
 * printed as `submitted`, number and text; what was acknowledged as `acknowledged`. Numbers that end in 99 are refused,
 * those in 98 the first time for want of room, those in 97 always: `throttled` and the number are printed.
 */
class Centre {
    static final Charset UCS2 = StandardCharsets.UTF_16BE;
    private static SMPPServerSession session;
    static volatile boolean full = true;
    static PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] words) throws Exception {
        var listener = new SMPPServerSessionListener(Integer.parseInt(words[0]));
        var reading = new Thread(Centre::read);
        reading.setDaemon(false);
        reading.start();
        out.println("listening");
        while (true) {
            var accepted = listener.accept();
            accepted.setMessageReceiverListener(receiver());
            try {
                var asked = accepted.waitForBind(5000);
                if (asked.getSystemId().equals(words[1]) && asked.getPassword().equals(words[2])) {
                    bind(asked, accepted);
                    out.println("bound");
                } else {
                    asked.reject(SMPPConstant.STAT_ESME_RINVPASWD);
                    out.println("refused");
                }
            } catch (Exception error) {
                out.println("no bind");
            }
        }
    }

    /** Accept and take as the session: whoever hears of the one finds the other. */
    static synchronized void bind(BindRequest asked, SMPPServerSession accepted) throws Exception {
        asked.accept("centre", InterfaceVersion.IF_34);
        session = accepted;
    }

    static synchronized SMPPServerSession session() {
        return session;
    }

    static ServerMessageReceiverListener receiver() {
        var type = ServerMessageReceiverListener.class;
        return (ServerMessageReceiverListener) Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> switch (method.getName()) {
                    case "onAcceptSubmitSm" -> submitted((SubmitSm) given[0]);
                    case "onAcceptEnquireLink" -> null;
                    case "hashCode" -> 1;
                    case "equals" -> proxy == given[0];
                    case "toString" -> "receiver";
                    default -> throw new ProcessRequestException("no", SMPPConstant.STAT_ESME_RINVCMDID);
                });
    }

    static SubmitSmResult submitted(SubmitSm sm) throws Exception {
        var number = sm.getDestAddress();
        if (number.endsWith("99")) {
            throw new ProcessRequestException("no such number", SMPPConstant.STAT_ESME_RINVDSTADR);
        }
        if (number.endsWith("97")) {
            out.println("throttled\t" + number);
            throw new ProcessRequestException("no room", SMPPConstant.STAT_ESME_RTHROTTLED);
        }
        if (number.endsWith("98") && full) {
            full = false;
            throw new ProcessRequestException("no room", SMPPConstant.STAT_ESME_RTHROTTLED);
        }
        var coding = sm.getDataCoding() == 8 ? UCS2 : StandardCharsets.US_ASCII;
        out.println("submitted\t" + number + "\t" + new String(sm.getShortMessage(), coding));
        return new SubmitSmResult(new MessageId("1"), new OptionalParameter[0]);
    }

    static void read() {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var parts = line.split("\t", 3);
                if (parts[0].equals("hang")) {
                    session().close();
                    continue;
                }
                deliver(parts[0], parts[1], parts[2]);
                out.println("acknowledged");
            }
        } catch (Exception error) {
            out.println("failed\t" + error);
        }
        System.exit(0);
    }

    static void deliver(String kind, String number, String text) throws Exception {
        var wide = kind.equals("ucs2");
        var type = kind.equals("receipt") ? MessageType.SMSC_DEL_RECEIPT : MessageType.DEFAULT;
        DataCoding coding = wide ? new GeneralDataCoding(Alphabet.ALPHA_UCS2) : new GeneralDataCoding(Alphabet.ALPHA_DEFAULT);
        session().deliverShortMessage(
                "", TypeOfNumber.INTERNATIONAL, NumberingPlanIndicator.ISDN, number,
                TypeOfNumber.UNKNOWN, NumberingPlanIndicator.UNKNOWN, "10086",
                new ESMClass(MessageMode.DEFAULT, type, GSMSpecificFeature.DEFAULT),
                (byte) 0, (byte) 0, new RegisteredDelivery(0), coding,
                text.getBytes(wide ? UCS2 : StandardCharsets.US_ASCII));
    }
}
