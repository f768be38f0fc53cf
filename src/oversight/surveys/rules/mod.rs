//! What may be asked, who counts, what comes out and what follows. Pure: the store brings the facts.

pub mod consequences;
pub mod forms;
pub mod params;
pub mod scores;
pub mod shown;
pub mod states;

platform::problems! {
    FORM_FROZEN = 409 "surveys.form_frozen", "该版问卷已有答卷,不能再修改,请另立新版", "This version has been answered and is not changed any more; make another";
    FORM_EXISTS = 409 "surveys.form_exists", "该区域已有此代码的这一版问卷", "The place has this version of a form of that code";
    FORM_UNKNOWN = 422 "surveys.form_unknown", "没有此问卷,或不适用于该区域", "There is no such form, or not for that place";
    QUESTION_CODE = 422 "surveys.question_code", "题目代码重复", "Two questions have one code";
    QUESTION_KIND = 422 "surveys.question_kind", "此类问卷不能有这种题目", "Forms of this kind have no such question";
    CHOICES = 422 "surveys.choices", "选择题须有两个以上不重复的选项,其他题目没有选项", "A choice has two or more different options, and no other question has any";
    NO_SCALE = 422 "surveys.no_scale", "满意度问卷至少有一道评分题", "A form about satisfaction has a question that is answered by marks";
    SENSES = 422 "surveys.senses", "四感问卷须覆盖获得感、幸福感、安全感、宜居感,且没有其他维度", "A form of the four senses covers gain, happiness, safety and liveability, and nothing else";
    PLACE = 422 "surveys.place", "满意度测评针对小区,其他调查针对小区或社区", "Satisfaction is asked of a compound, anything else of a compound or a community";
    THREE_PARTY = 422 "surveys.three_party", "只有满意度测评有三方", "Only satisfaction is asked of three parties";
    NO_COMPANY = 422 "surveys.no_company", "该小区没有履行中的物业服务合同", "No service contract is in force in the compound";
    EMPTY_FRAME = 422 "surveys.empty_frame", "该范围没有房屋或户数登记", "No room or household is registered there";
    WINDOW = 422 "surveys.window", "答卷时间须在将来,且不超过规定天数", "The window lies ahead, and is no longer than it may be";
    WRONG_STATE = 409 "surveys.wrong_state", "当前状态下不能执行此步骤", "This step cannot be taken in the present state";
    TOO_EARLY = 409 "surveys.too_early", "答卷截止一分钟后方可统计", "It is counted a minute after it has closed, when the last answer is in";
    NOT_OPEN = 409 "surveys.not_open", "不在答卷时间内", "It is not open for answers now";
    ANSWERED = 409 "surveys.answered", "该户或该人已答卷", "This household or person has answered";
    NOT_RESPONDENT = 403 "surveys.not_respondent", "您不是本次测评的答卷人", "You are not among those who are asked";
    SUBJECT = 422 "surveys.subject", "请指明本次测评范围内的房屋或居民", "Name a room or a person of those who are asked";
    NOT_INVITED = 409 "surveys.not_invited", "尚未以此方式邀请,无从补发", "There is no invitation of this way yet that could be issued again";
    OF_THE_COMPANY = 403 "surveys.of_the_company", "被测评企业的人员不能代录,也不能查看单份意见", "Who is of the company that is judged enters no answer and reads no single one";
    ANSWER_UNKNOWN = 422 "surveys.answer_unknown", "问卷没有此题,或该题重复作答", "The form has no such question, or it is answered twice";
    ANSWER_SHAPE = 422 "surveys.answer_shape", "评分题答1至5分,选择题答选项代码,文字题答文字", "Marks of 1 to 5, the code of an option, or words, as the question asks";
    ANSWER_EMPTY = 422 "surveys.answer_empty", "至少答一道评分题或选择题", "At least one question is answered by marks or by an option";
    OBJECTION_OPEN = 409 "surveys.objection_open", "公示期未满或异议未处理", "The posting still runs, or an objection waits";
    CONSEQUENCE_STATE = 409 "surveys.consequence_state", "当前状态下不能执行此步骤", "This step cannot be taken in the present state";
    SELF_CONFIRMED = 403 "surveys.self_confirmed", "作出结论的人不能确认后果", "Nobody confirms what follows from their own finding";
    RECHECK_EARLY = 409 "surveys.recheck_early", "整改期未满且企业未报告整改,不能复测", "It is asked again once the time is up, or the company has reported";
    RECHECK_EXISTS = 409 "surveys.recheck_exists", "已有进行中的复测", "It is being asked again already";
    COMPANY_GONE = 409 "surveys.company_gone", "被测评企业已不服务该小区", "The company serves the compound no longer";
}
