// Somebody and a mail in each of the languages that must arrive intact: Devanagari, Latin with and without marks, and
// Arabic from right to left.
import type { MailContent } from '../../engine/index.ts'

interface Language {
  readonly language: string
  readonly name: string
  readonly direction: 'ltr' | 'rtl'
  readonly mail: MailContent & { readonly preview: string }
  /** What is to be read in the HTML and in the plain text; `{{ … }}` stands for the name. */
  readonly says: readonly string[]
}

const NAME = (fallback: string) => `{{ contact.FIRSTNAME | default: "${fallback}" }}`
const URL = '{{ company_url }}/start'

export const LANGUAGES: readonly Language[] = [
  language('Nepali', 'सीता श्रेष्ठ', 'ltr', {
    subject: `नमस्ते ${NAME('साथी')}, स्वागत छ`,
    preview: 'सुरु गर्न तीन मिनेट मात्र लाग्छ।',
    heading: 'हाम्रो समुदायमा स्वागत छ',
    text: `नमस्ते ${NAME('साथी')},\n\nतपाईंले दर्ता गर्नुभएकोमा धन्यवाद। हामी तपाईंलाई उपयोगी कुरा मात्र पठाउँछौँ।`,
    button: 'यहाँबाट सुरु गर्नुहोस्',
    foot: { reason: 'तपाईंले दर्ता गर्नुभएकाले यो पत्र पाउनुभयो।', unsubscribe: 'सदस्यता रद्द गर्नुहोस्' },
  }),
  language('Indonesian', 'Ni Luh Putu Ayu', 'ltr', {
    subject: `Selamat datang, ${NAME('Sahabat')}!`,
    preview: 'Satu halaman, tiga menit: inilah kami.',
    heading: 'Senang Anda bergabung',
    text: `Halo ${NAME('Sahabat')},\n\nTerima kasih telah mendaftar. Kami hanya menulis bila ada yang bermanfaat bagi Anda.`,
    button: 'Mulai dari sini',
    foot: { reason: 'Anda menerima surel ini karena mendaftar.', unsubscribe: 'Berhenti berlangganan' },
  }),
  language('Arabic', 'فاطمة الزهراء', 'rtl', {
    subject: `مرحبا ${NAME('صديقنا')}، أهلا بك`,
    preview: 'صفحة واحدة في ثلاث دقائق.',
    heading: 'أهلا بك معنا',
    text: `مرحبا ${NAME('صديقنا')}،\n\nشكرا لتسجيلك. نكتب إليك فقط عندما يكون لدينا ما يستحق وقتك (10 دقائق على الأكثر).`,
    button: 'ابدأ من هنا',
    foot: { reason: 'تصلك هذه الرسالة لأنك سجلت لدينا.', unsubscribe: 'إلغاء الاشتراك' },
  }),
  language('Turkish', 'Gülşah Iğdır', 'ltr', {
    subject: `Hoş geldiniz, ${NAME('değerli okurumuz')}`,
    preview: 'Üç dakikada biz kimiz, size ne sunuyoruz.',
    heading: 'İyi ki geldiniz',
    text: `Merhaba ${NAME('değerli okurumuz')},\n\nKaydolduğunuz için teşekkürler. Yalnızca işinize yarayacak bir şey olduğunda yazarız.`,
    button: 'Buradan başlayın',
    foot: { reason: 'Bu e-postayı kaydolduğunuz için aldınız.', unsubscribe: 'Abonelikten çık' },
  }),
  language('Vietnamese', 'Nguyễn Thị Mỹ Duyên', 'ltr', {
    subject: `Chào mừng ${NAME('bạn')} đến với chúng tôi`,
    preview: 'Một trang, ba phút: chúng tôi làm gì.',
    heading: 'Rất vui được đón bạn',
    text: `Xin chào ${NAME('bạn')},\n\nCảm ơn bạn đã đăng ký. Chúng tôi chỉ viết khi có điều thật sự hữu ích cho bạn.`,
    button: 'Bắt đầu từ đây',
    foot: { reason: 'Bạn nhận thư này vì đã đăng ký.', unsubscribe: 'Hủy đăng ký' },
  }),
]

interface Words {
  readonly subject: string
  readonly preview: string
  readonly heading: string
  readonly text: string
  readonly button: string
  readonly foot: { readonly reason: string; readonly unsubscribe: string }
}

function language(language: string, name: string, direction: Language['direction'], words: Words): Language {
  const { subject, preview, heading, text, button, foot } = words
  return {
    language,
    name,
    direction,
    mail: { subject, preview, body: [{ heading }, { text }, { button, url: URL }], foot },
    says: [heading, ...text.split('\n\n'), button, foot.reason, foot.unsubscribe],
  }
}
